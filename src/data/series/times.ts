// The times of a table's rows, which are recognised, not learned, and continued.

/** Names of columns that hold times. */
const timeNames =
  /^(date|time|datetime|date[ _-]?time|timestamp|ts|day|month|year|hour|minute|second|step|index|t|#|)$/i;

/** Names of columns whose numbers of eight or six digits are dates. */
const dateNames = /^(date|date[ _-]?time|day|month|year[ _-]?month|period|yyyymm(dd)?)$/i;

/** A number that may be a date without signs, such as 20261126. */
const compact = /^\d{8}$/;
/** A number that may be a month, or a date with a short year, where its column is called so. */
const compactMonth = /^\d{6}$/;

/** The beginning of a date as people and programs write them, such as 2026-11-26, 26.11.2026, 11/26/26 or 2026-11. */
const dateLike = /^(\d{1,4}([-./])\d{1,2}\2\d{1,4}|\d{4}-\d{2})([ T]|$)/;

/**
 * Returns whether a column holds times: dates, or numbers that only rise, where it is called so, or they rise by
 * equal steps or are dates without signs.
 */
export function isTime(name: string, cells: readonly string[]): boolean {
  if (cells.length < 2) return false;
  if (cells.every((cell) => dateLike.test(cell) || isClock(cell))) return true;
  const values = cells.map(Number);
  const steps = values.slice(1).map((value, index) => value - values[index]);
  if (!steps.every((step) => step > 0)) return false;
  const equal = steps.every((step) => Math.abs(step - steps[0]) <= 1e-6 * Math.abs(steps[0]));
  return equal || timeNames.test(name.trim()) || areCompactDates(cells, name);
}

const isClock = (cell: string): boolean => /^\d{1,2}:\d{2}(:\d{2})?$/.test(cell);

const day = 86_400_000;

/**
 * Continues times by their last step: numbers, and dates. The same day of a month is followed by that of the next one, and
 * the last day of a month by the last one of the next.
 * @param name the name of the column, which tells whether numbers of six digits are months; missing where it is not known
 * @returns null where they cannot be continued
 */
export function continueTimes(cells: readonly string[], steps: number, name = ''): string[] | null {
  const [before, last] = cells.slice(-2);
  if (last === undefined) return null;
  const areCompact = areCompactDates(cells, name);
  const numbers = [Number(before), Number(last)];
  if (!areCompact && before.trim() !== '' && last.trim() !== '' && numbers.every(Number.isFinite)) {
    const digits = Math.max(...[before, last].map((cell) => /\.(\d+)\s*$/.exec(cell)?.[1].length ?? 0));
    const step = numbers[1] - numbers[0];
    return Array.from({ length: steps }, (_, index) => (numbers[1] + (index + 1) * step).toFixed(digits));
  }
  const forms = areCompact ? [compactDate] : [isoDate, pointedDate, ...slashedDates(cells)];
  const form = forms.find((read) => read(before) && read(last));
  const [from, to] = [before, last].map((cell) => form?.(cell));
  if (!from || !to) return null;
  const months =
    12 * (to.at.getUTCFullYear() - from.at.getUTCFullYear()) + to.at.getUTCMonth() - from.at.getUTCMonth();
  const areEnds = [from.at, to.at].every((at) => at.getUTCDate() === lengthOfMonth(at, 0));
  const isMonthly =
    months >= 1 && from.at.getTime() % day === 0 && (areEnds || from.at.getUTCDate() === to.at.getUTCDate());
  const step = to.at.getTime() - from.at.getTime();
  return Array.from({ length: steps }, (_, index) => {
    const at = new Date(to.at);
    const ahead = (index + 1) * months;
    const length = lengthOfMonth(at, ahead);
    if (isMonthly)
      at.setUTCMonth(at.getUTCMonth() + ahead, areEnds ? length : Math.min(length, at.getUTCDate()));
    else at.setTime(at.getTime() + (index + 1) * step);
    return to.write(at);
  });
}

/**
 * Returns whether the cells are dates without signs. A counter of eight digits would reach a 32nd day. Under the name of a
 * date there is no counter, so that numbers of as many digits count as dates even where they are none.
 */
function areCompactDates(cells: readonly string[], name: string): boolean {
  const isNamed = dateNames.test(name.trim());
  const haveDigits = (digits: RegExp) => cells.every((cell) => digits.test(cell.trim()));
  if (haveDigits(compact)) return isNamed || cells.every((cell) => compactDate(cell) !== null);
  return isNamed && haveDigits(compactMonth);
}

/** Returns the number of days of the month that is so many months ahead of a time. */
const lengthOfMonth = (at: Date, ahead: number): number =>
  new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + ahead + 1, 0)).getUTCDate();

interface DateCell {
  /** The time, as if it were in UTC. */
  readonly at: Date;
  /** Writes another time in the same form. */
  write(at: Date): string;
}

const clock = String.raw`(?:([ T])(\d{2}:\d{2})(:\d{2})?(\.\d{3})?(Z|[+-]\d{2}:?\d{2})?)?$`;

/** Returns what reads dates in which `sign`, or nothing, divides the parts, in this order; it returns null for any other cell. */
function datesOf(
  sign: '-' | '.' | '/' | '',
  order: readonly ('y' | 'm' | 'd')[],
): (cell: string) => DateCell | null {
  const isLoose = sign === '.' || sign === '/';
  const digits = { y: String.raw`(?<y>\d{4})`, m: String.raw`(?<m>\d{2})`, d: String.raw`(?<d>\d{2})` };
  const loose = { ...digits, m: String.raw`(?<m>\d{1,2})`, d: String.raw`(?<d>\d{1,2})` };
  const parts = order.map((part) => (isLoose ? loose : digits)[part]);
  const date = isLoose ? parts.join(`\\${sign}`) : `${parts[0]}${sign}${parts[1]}(?:${sign}${parts[2]})?`;
  const whole = new RegExp(`^(?:${date})${clock}`);
  return (cell) => {
    const found = whole.exec(cell.trim());
    if (!found) return null;
    const { y, m, d } = found.groups!;
    const [between, minutes, seconds, fraction, zone = ''] = found.slice(4);
    const at = new Date(
      `${y}-${m.padStart(2, '0')}-${(d ?? '01').padStart(2, '0')}T${minutes ?? '00:00'}${seconds ?? ':00'}${fraction ?? ''}Z`,
    );
    // The thirtieth of February is read as a day of March.
    if (Number.isNaN(at.getTime()) || at.getUTCMonth() + 1 !== Number(m)) return null;
    return {
      at,
      write(other) {
        const text = other.toISOString();
        const values = {
          y: text.slice(0, 4),
          m: text.slice(5, 7),
          d: d === undefined ? '' : text.slice(8, 10),
        };
        const short = [m, d].some((part) => part?.length === 1) && isLoose;
        const shown = order.map((part) =>
          short && part !== 'y' ? values[part].replace(/^0/, '') : values[part],
        );
        const time = text.slice(11, fraction ? 23 : seconds ? 19 : 16);
        return `${shown.filter((part) => part !== '').join(sign)}${minutes ? `${between}${time}${zone}` : ''}`;
      },
    };
  };
}

const isoDate = datesOf('-', ['y', 'm', 'd']);
const compactIsoDate = datesOf('', ['y', 'm', 'd']);
const pointedDate = datesOf('.', ['d', 'm', 'y']);

/** The years of dates without signs: a number with other ones is hardly a date. */
const likelyYear = /^\s*(?:1[5-9]|2[01])/;

const compactDate = (cell: string): DateCell | null => (likelyYear.test(cell) ? compactIsoDate(cell) : null);

/** Returns what reads dates with slashes, such as 11/26/2026, whose day is the part that goes beyond 12 somewhere. */
function slashedDates(cells: readonly string[]): ((cell: string) => DateCell | null)[] {
  const [first, second] = [/^\s*(\d{1,2})\//, /^\s*\d{1,2}\/(\d{1,2})\//].map((part) =>
    Math.max(0, ...cells.map((cell) => Number(part.exec(cell)?.[1] ?? 0))),
  );
  if (first > 12) return [datesOf('/', ['d', 'm', 'y'])];
  return second > 12 ? [datesOf('/', ['m', 'd', 'y'])] : [];
}
