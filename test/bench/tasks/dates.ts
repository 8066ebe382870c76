// Dates as people write them, in twelve spellings, and as ISO 8601. Where a spelling has day and month as numbers, its
// separator says their order.
import { random } from '../../../src/tape/random.ts';

const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

interface Day {
  readonly day: number;
  readonly month: number;
  readonly year: number;
}

const two = (value: number) => `${value}`.padStart(2, '0');
const short = (month: number) => months[month - 1].slice(0, 3);

function ordinal(day: number): string {
  if (day > 10 && day < 14) return `${day}th`;
  return `${day}${['th', 'st', 'nd', 'rd'][day % 10] ?? 'th'}`;
}

const spellings: readonly ((date: Day) => string)[] = [
  ({ day, month, year }) => `${day} ${months[month - 1]} ${year}`,
  ({ day, month, year }) => `${months[month - 1]} ${day}, ${year}`,
  ({ day, month, year }) => `${ordinal(day)} of ${months[month - 1]} ${year}`,
  ({ day, month, year }) => `${short(month)} ${ordinal(day)}, ${year}`,
  ({ day, month, year }) => `${day}-${short(month)}-${year}`,
  ({ day, month, year }) => `${two(day)}.${two(month)}.${year}`,
  ({ day, month, year }) => `${day}.${month}.${year}`,
  ({ day, month, year }) => `${two(month)}/${two(day)}/${year}`,
  ({ day, month, year }) => `${month}/${day}/${year}`,
  ({ day, month, year }) => `${year} ${months[month - 1]} ${day}`,
  ({ day, month, year }) => `${two(day)}${short(month).toUpperCase()}${year}`,
  ({ day, month, year }) => `${year}${two(month)}${two(day)}`,
];

export interface WrittenDate {
  readonly written: string;
  readonly iso: string;
}

/** Returns dates from 1900 to 2099, the same ones for the same seed. */
export function writtenDates(count: number, seed: number): WrittenDate[] {
  const next = random(seed);
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return Array.from({ length: count }, () => {
    const [month, year] = [between(1, 12), between(1900, 2099)];
    const day = between(1, new Date(Date.UTC(year, month, 0)).getUTCDate());
    const spelling = spellings[between(0, spellings.length - 1)];
    return { written: spelling({ day, month, year }), iso: `${year}-${two(month)}-${two(day)}` };
  });
}
