// Small tables for each task, in which there is something to learn.
import { random } from '../../src/tape/random.ts';

const next = random(1);
const letters = (count: number) =>
  Array.from({ length: count }, () => 'abcdx'[Math.floor(next() * 5)]).join('');
const rows = Array.from({ length: 200 }, () => letters(2 + Math.floor(next() * 12)));

/** Rows of letters, and whether there is an x among them. */
export const table = [
  'text\tmeaning',
  ...rows.map((row) => `${row}\t${row.includes('x') ? 'with' : 'without'}`),
].join('\n');

/** Rows of letters, with their first letter as a capital and their last one. */
export const pairs = [
  'text\tshort',
  ...rows.map((row) => `${row}\t${row[0].toUpperCase()}${row.at(-1)}`),
].join('\n');

/** Two categories, each with many texts. */
export const many = [
  'kind\tname',
  ...rows.map((row) => (row.includes('x') ? `with\t${row}` : `without\t${row}`)),
].join('\n');

/** Two numbers, with a text that depends on them, and not on them alone. */
export const sized = [
  'width,height,shape',
  ...Array.from({ length: 240 }, (_, row) => {
    const [width, height] = [1 + (row % 17) * 0.5, 1 + ((row * 7) % 23) * 0.25];
    return `${width},${height},${width > height ? 'wide' : 'tall'} ${row}`;
  }),
].join('\n');

/** Rows of letters, with a number that grows with their length and with each x among them. */
export const waits = [
  'line,took',
  ...rows.map((row) => `${row},${(2 + row.length / 4 + row.split('x').length).toFixed(2)}`),
].join('\n');

/** Up to three numbers, with the largest of them. */
export const largest = [
  'n1,n2,n3,took',
  ...Array.from({ length: 240 }, (_, row) => {
    const numbers = Array.from({ length: row % 4 === 0 ? 2 : 3 }, () => Math.round(100 * next()));
    return [...numbers, ...(numbers.length < 3 ? [''] : []), Math.max(...numbers).toFixed(1)].join(',');
  }),
].join('\n');

/** The numbers of two waves, [steps × 2]. */
export const series = Array.from({ length: 300 }, (_, t) => [Math.sin(t / 5) * 10 + 50, Math.cos(t / 7)]);

export const seriesText = [
  'level,slope',
  ...series.map((row) => row.map((each) => each.toFixed(3)).join(',')),
].join('\n');
