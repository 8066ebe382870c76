// Reads the corpus: `.rnn` files that say in comments what is expected of them.
//
//   # given: widths x=2 h=1 y=2       numbers for x, h and y, and m where an encoder is read
//   # given: cells LSTM GRU           cells that a layer can name
//   # given: U = 1 2 3 4              a parameter's values, row by row
//   # given: x = 1 0 | 0 1            what the cell reads, step by step
//   # given: given = 1 0             what a decoder starts from
//   # given: m = 1 0 | 0 1            what the encoder wrote, position by position
//   # expect: h = 0.5 | 0.75          values, step by step
//   # expect: shape U = h×x           a parameter's rows and columns
//   # expect: order c h               the order of the equations within a step
//   # expect: graph 1: tanh 0 : 4     a line of the compiled graph of a layer of it, whose lines are all given
//   # expect: training 1: tanh 0 : 4  the same with the backward pass
//   # expect: train.k1 = 50           what a section says, as JSON
//   # expect: error «W h[t-1]» text   a message about the line that this stands on or below, and its place
//   # expect: warning «leek» text
//   # expect: mended h[t] = U h[t-1]  that line, after a message's fix
//
// `UPDATE_EXPECT=1 npm test -- unit` writes what the cases yield into their expectations: see what has changed
// in them before you commit it.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Checked, readCells } from '../../src/language/check.ts';
import type { Widths } from '../../src/language/widths.ts';

export interface Expectation {
  readonly kind: string;
  readonly rest: string;
  /** The line that it is about, counted from 0. */
  readonly line: number;
}

export interface Case {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly widths: Widths;
  /** The values of each name, step by step (a parameter has one step). */
  readonly given: ReadonlyMap<string, readonly (readonly number[])[]>;
  readonly expectations: readonly Expectation[];
  readonly checked: Checked;
}

const folder = join(import.meta.dirname, '..', 'cases');

export function readCorpus(): Case[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.rnn'))
    .sort()
    .map((name) => readCase(join(folder, name)));
}

export function readCase(path: string, text = readFileSync(path, 'utf8')): Case {
  const expectations: Expectation[] = [];
  const given = new Map<string, number[][]>();
  let widths: Widths | undefined;
  let cells: string[] | undefined;
  let code = 0;
  for (const [line, content] of text.split('\n').entries()) {
    if (/^\s*[^\s#]/.test(content)) code = line;
    const expected = /# expect: (\S+) ?(.*)$/.exec(content);
    if (expected) expectations.push({ kind: expected[1], rest: expected[2], line: code });
    const said = /# given: (\S+) (.*)$/.exec(content);
    if (said?.[1] === 'widths') {
      const [x, h, y, m] = [...said[2].matchAll(/[xhym]=(\d+)/g)].map(([, number]) => Number(number));
      widths = { x, h, y, ...(m !== undefined && { m }) };
    } else if (said?.[1] === 'cells') {
      cells = said[2].split(' ');
    } else if (said) {
      given.set(said[1], readSteps(said[2].replace('=', '')));
    }
  }
  const checked = readCells(text, { ...(widths && { widths }), ...(cells && { cells }) });
  const name = relative(folder, path);
  return { name, path, text, widths: widths ?? { x: 1, h: 1, y: 1 }, given, expectations, checked };
}

export const readSteps = (text: string): number[][] =>
  text.split('|').map((step) => step.trim().split(/\s+/).map(Number));
