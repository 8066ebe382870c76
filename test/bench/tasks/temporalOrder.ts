// Temporal order, task 6a of Hochreiter & Schmidhuber 1997: a sequence of 100 to 110 symbols begins with E and ends
// with B. All symbols between are a, b, c or d, but for X or Y at two places, one in 10 to 20 and one in 50 to 60.
// The class, which is asked for at the last step, is in which order they came.
import { random } from '../../../src/tape/random.ts';

/** The sequences that the LSTM of 1997 needed, and those on which it was then tried. */
export const allowed = 31_390;
export const tried = 2_560;

const classes = { XX: 'Q', XY: 'R', YX: 'S', YY: 'U' } as const;

/** Returns a table of sequences, the same ones for the same seed. */
export function temporalOrderTable(rows: number, seed: number): string {
  const next = random(seed);
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  const row = () => {
    const length = between(100, 110);
    const symbols = Array.from({ length }, () => 'abcd'[between(0, 3)]);
    symbols[0] = 'E';
    symbols[length - 1] = 'B';
    const pair = Array.from({ length: 2 }, () => 'XY'[between(0, 1)]);
    symbols[between(10, 20)] = pair[0];
    symbols[between(50, 60)] = pair[1];
    return `${symbols.join('')}\t${classes[pair.join('') as keyof typeof classes]}`;
  };
  return ['text\tlabel', ...Array.from({ length: rows }, row)].join('\n');
}
