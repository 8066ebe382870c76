// Generates random cells as text, with every kind of expression and with values that stay within limits.
import * as fc from 'fast-check';

/** Generates a leaf or an expression around others, in which every `#` becomes a name of its own. */
const expression = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom(
      ...[
        'W# x[t]',
        'W# h[t-1]',
        'W# h[t-2]',
        'W# a[t-1]',
        'b#',
        '0.5',
        'h[t-1]',
        'h[t-3]',
        'a[t-1]',
        'W# x[t] + b#',
      ],
    ),
    fc
      .tuple(
        fc.constantFrom(
          ...['tanh(1)', 'σ(1)', 'softmax(1)', 'norm(1)', 'abs(1)', 'relu(1)', '-(1)', 'clip(1, -1, 1)'],
          ...['sqrt(1 + abs(1))', 'exp(tanh(1))', 'log(2 + relu(1))', 'tanh(1)^2', 'W# (tanh(1))', '(1 + 2)'],
          ...['(1 - 2)', '(1 * 2)', '1 / (1.5 + abs(2))', 'min(1, 2)', 'max(1, 2)', 'W# (σ(1) * 2)'],
        ),
        tie('any'),
        tie('any'),
      )
      // Only digits that stand for the operands are replaced, not those of numbers.
      .map(([form, one, two]) =>
        form.replace(/(?<![\d.^-])([12])(?![\d.])(?!\s\+\s(?:abs|relu))/g, (_, digit) =>
          digit === '1' ? `(${one})` : `(${two})`,
        ),
      ),
  ),
})).any;

const around = fc.constantFrom('tanh', 'σ', 'norm', 'softmax');

/** Generates texts of cells. Not every one is valid: some do not read x, and a vector may have no width. */
export const randomCell: fc.Arbitrary<string> = fc
  .record({
    a: fc.tuple(around, expression),
    h: fc.tuple(around, expression),
    output: fc.constantFrom('', '  output a[t]\n'),
    start: fc.constantFrom(
      '',
      '  h[0] = learned\n',
      '  h[0] = 0.3\n',
      '  h[0] = learned from 0.2 first 2\n',
      '  a[0] = 0.5\n',
    ),
  })
  .map(({ a, h, output, start }) => {
    let name = 0;
    const numbered = (text: string) =>
      text.replaceAll(
        '#',
        () => `_${String.fromCharCode(97 + Math.floor(name / 26))}${String.fromCharCode(97 + (name++ % 26))}`,
      );
    return `cell A\n${numbered(`  a[t] = ${a[0]}(W# x[t] + ${a[1]})\n  h[t] = ${h[0]}(a[t] + W# h[t-1] + ${h[1]})\n`)}${start}${output}`;
  });
