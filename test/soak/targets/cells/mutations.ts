// Changes the built-in cells in some places of their equations, as a user who experiments does.
import { cellsWithoutEncoder } from '../../../../src/cells/index.ts';
import { functionsOfOne } from '../../../backend/networks.ts';
import { Choices } from './choices.ts';

// What is tried is a network of layers alone, whose cells have nothing that a decoder is given.
const originals = [...cellsWithoutEncoder.values()].map((text) => text.replaceAll(/#.*$/gm, ''));

/** An operand: a matrix with its vector, a vector at a step, or a parameter. */
const operand = /(?:[WU]\w* )?\p{Ll}\w*\[t(?:-\d)?\]|(?<!\w)b(?:_\w)?(?!\w)/gu;
const operator = / [-+*/] /g;
const lag = /(?<!x)\[t(-\d)?\]/g;
const term = / [-+] (?:[WU]\w* )?\p{Ll}\w*(?:\[t(?:-\d)?\])?(?= |\)|$)/gu;
const call = /σ|tanh|relu/g;

type Mutation = (line: string, choices: Choices) => string;

const mutations: readonly Mutation[] = [
  (line, choices) => change(line, operator, choices, () => choices.of([' + ', ' * ', ' - ', ' / '])),
  (line, choices) => change(line, lag, choices, () => choices.of(['[t-1]', '[t-2]', '[t-3]', '[t]'])),
  (line, choices) => change(line, call, choices, () => choices.of(['', ...functionsOfOne])),
  (line, choices) => change(line, operand, choices, (found) => `${choices.of(functionsOfOne)}(${found})`),
  (line, choices) => `${line.trimEnd()}${choices.of([' + ', ' - ', ' * '])}${choices.of(added)}`,
  (line, choices) => change(line, term, choices, () => ''),
  (line, choices) => change(line, operand, choices, () => choices.of(added)),
  (line, choices) => change(line, operand, choices, (found) => `(${found})^${choices.of(['2', '3', '0.5'])}`),
];

const added = [
  'b_n',
  'V x[t]',
  'h[t-1]',
  'V h[t-1]',
  'V b_n',
  'h[t-2]',
  'W x[t]',
  '0.5',
  'V tanh(S x[t])',
  'U h[t-1]',
];

/** Returns a built-in cell as text, changed in up to four places. */
export function mutated(from: readonly number[]): string {
  const choices = new Choices(from);
  const lines = choices.of(originals).split('\n');
  const equations = [...lines.keys()].filter(
    (index) => / = /.test(lines[index]) && /\[t\] =/.test(lines[index]),
  );
  for (let left = 1 + choices.below(4); left > 0; left--) {
    const index = choices.of(equations);
    const at = lines[index].indexOf('=') + 1;
    const [target, value] = [lines[index].slice(0, at), lines[index].slice(at)];
    lines[index] = target + choices.of(mutations)(value, choices);
  }
  return lines.filter((line) => line.trim() !== '').join('\n');
}

/** Replaces one of the places that match. */
function change(line: string, pattern: RegExp, choices: Choices, by: (found: string) => string): string {
  const matches = [...line.matchAll(pattern)];
  if (matches.length === 0) return line;
  const match = choices.of(matches);
  return line.slice(0, match.index) + by(match[0]) + line.slice(match.index + match[0].length);
}
