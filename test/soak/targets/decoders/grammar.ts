// Makes cells of decoders that look at positions: from a grammar, and by changes of the built-in ones, as a user who
// experiments with attention does.
import { builtinCells, cellsWithoutEncoder } from '../../../../src/cells/index.ts';
import { Choices } from '../cells/choices.ts';

const originals = [...builtinCells]
  .filter(([name]) => !cellsWithoutEncoder.has(name))
  .map(([, text]) => text.replaceAll(/ *#.*$/gm, ''));

/** The forms of values: of a step, at each position, and scores of positions. `T`, `P` and `S` stand for others. */
const forms: Readonly<Record<string, readonly string[]>> = {
  T: ['h[t-1]', 'W# x[t]', 'W# h[t-1]', 'b#', 'W# given', 'W# h[t-2]', 'q[t]', 'tanh(T)', 'σ(T)', 'W# (T)']
    .concat('(T + T)', '(T * T)', 'norm(T)', 'max(T, T)', '0.5 * T', '-(T)', 'sum over s (P)')
    .concat('sum over s (softmax over s (S) * P)'),
  P: [
    'W# m[s]',
    'k[s]',
    'tanh(W# m[s] + b#)',
    'tanh(P)',
    'W# (P)',
    '(P + T)',
    '(T * P)',
    '(P - P)',
    'norm(P)',
  ]
    .concat('relu(P)', 'min(P, T)', 'max(T, P)', 'softmax(P)', '0.5 * P', 'abs(P)', 'softmax over s (P)')
    .concat('clip(P, -1, 1)', 'W# (W# m[s])'),
  S: [
    'h[t-1] · (W# m[s])',
    'v# · tanh(W# h[t-1] + U# m[s])',
    'T · P',
    'P · T',
    'sum(P)',
    '(S + S)',
    '2 * S',
  ].concat('tanh(S)', 'P · P', '(S - S)', 'P', 'min(S, S)', 'b# · P'),
};

/** The lines of a cell; what stands in a pair of braces may be left out. */
const lines = [
  '  q[t] = tanh(W# x[t] + T)',
  '  k[s] = tanh(W# m[s] + b#)',
  '  e[t,s] = S',
  '  a[t,s] = softmax over s (e[t,s])',
  '  c[t] = sum over s (a[t,s] * P)',
  '  h[t] = tanh(W# x[t] + W# h[t-1] + W# c[t] + T)',
];

const starts = [
  '',
  '  h[0] = tanh(W# given + b#)',
  '  h[0] = W# given first 2',
  '  h[0] = learned',
  '  h[0] = tanh(b#)',
];

/** The depth beyond which values are leaves. */
const deepest = 3;

/** Returns a cell from the grammar. The same numbers give the same cell, and fewer a simpler one. */
export function decoderOf(from: readonly number[]): string {
  const choices = new Choices(from);
  let name = 0;
  const value = (kind: string, depth: number): string => {
    const all = forms[kind];
    // The first two forms of each kind are leaves.
    const form = all[choices.below(depth < deepest ? all.length : 2)];
    return form.replace(/\b[TPS]\b/g, (part) => value(part, depth + 1));
  };
  const made = [...lines, choices.of(starts)]
    .map((line) => line.replace(/\b[TPS]\b/g, (part) => value(part, 0)))
    .filter((line) => line !== '')
    .join('\n')
    .replaceAll(
      '#',
      () => `_${String.fromCharCode(97 + Math.floor(name / 26))}${String.fromCharCode(97 + (name++ % 26))}`,
    );
  return `cell A\n${made}\n`;
}

/** Parts of equations, and those that may replace them. */
const changes: readonly (readonly [pattern: RegExp, by: readonly string[]])[] = [
  [/tanh|σ/g, ['', 'σ', 'relu', 'abs', 'sin', 'norm', 'softmax', 'tanh']],
  [/ [-+*] /g, [' + ', ' * ', ' - ']],
  [/ · /g, [' * ', ' · ', ' + ']],
  [/m\[s\]/g, ['tanh(m[s])', '(2 * m[s])', 'norm(m[s])', '(m[s] + d)', 'abs(m[s])', '(m[s] * d)']],
  [/h\[t-1\]/g, ['h[t-2]', '(V_n h[t-1])', 'tanh(h[t-1])', 'x[t]', '(V_n x[t])', 'c[t]', 'c[t-1]']],
  [/e\[t,s\](?!\s*=)/g, ['2 * e[t,s]', 'tanh(e[t,s])', 'e[t,s] * e[t,s]', 'e[t,s] - norm(m[s]) · d']],
  [
    /a\[t,s\] \* m\[s\]/g,
    ['m[s]', 'a[t,s] * tanh(m[s])', 'a[t,s] * a[t,s] * m[s]', '2 * a[t,s] * m[s]', 'a[t,s] * (m[s] - d)'],
  ],
  [/softmax over s/g, ['softmax', 'tanh', 'softmax over s']],
  [/given/g, ['tanh(given)', '(2 * given)', '(given + d)']],
];

/** Returns a built-in decoder as text, changed in up to four places. */
export function mutatedDecoder(from: readonly number[]): string {
  const choices = new Choices(from);
  let text = choices.of(originals);
  for (let left = 1 + choices.below(4); left > 0; left--) {
    const [pattern, by] = choices.of(changes);
    const places = [...text.matchAll(pattern)].filter(({ index }) => text.lastIndexOf('\n', index) > 0);
    if (places.length === 0) continue;
    const { index, 0: found } = choices.of(places);
    text = text.slice(0, index) + choices.of(by) + text.slice(index + found.length);
  }
  return text;
}
