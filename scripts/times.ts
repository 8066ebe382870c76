// Lays out how long test files took in several runs.

/** The seconds that each file took in one run. */
export type FileTimes = ReadonlyMap<string, number>;

/** Files that never took longer, in seconds, are left out. */
const least = 5;

/**
 * Returns a table with a line for each file, slowest first: its least, median and greatest time. It is empty where no
 * file was slow.
 */
export function table(runs: readonly FileTimes[]): string {
  const files = new Set(runs.flatMap((run) => [...run.keys()]));
  const rows = [...files]
    .map((file) => ({ file, times: runs.flatMap((run) => run.get(file) ?? []).sort((a, b) => a - b) }))
    .filter(({ times }) => times.at(-1)! >= least)
    .sort((a, b) => middle(b.times) - middle(a.times));
  const line = (file: string, ...columns: string[]) =>
    [...columns.map((column) => column.padStart(8)), `  ${file}`].join('');
  const seconds = (value: number) => value.toFixed(1);
  if (rows.length === 0) return '';
  const lines = [
    line('seconds, by file', 'least', 'median', 'most'),
    ...rows.map(({ file, times }) =>
      line(file, seconds(times[0]), seconds(middle(times)), seconds(times.at(-1)!)),
    ),
  ];
  return `\n${lines.join('\n')}\n\n`;
}

const middle = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)];
