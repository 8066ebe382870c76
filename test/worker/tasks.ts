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

/** The numbers of two waves, [steps × 2]. */
export const series = Array.from({ length: 300 }, (_, t) => [Math.sin(t / 5) * 10 + 50, Math.cos(t / 7)]);

export const seriesText = [
  'level,slope',
  ...series.map((row) => row.map((each) => each.toFixed(3)).join(',')),
].join('\n');
