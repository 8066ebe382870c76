// Formats what is found out about a cell as text, in lines that fit half an editor window beside the cell.
import type { CheckedCell } from '../../language/cell.ts';
import type { Architecture } from '../architecture.ts';
import { compileForward, compileTraining } from '../compile.ts';
import { printGraph } from '../print.ts';
import type { GradientCheck } from './checkGradients.ts';
import type { Trace } from './trace.ts';

/** Says in a sentence whether the gradients are right. */
export function sayGradientCheck({ name }: CheckedCell, check: GradientCheck): string {
  const { verdict, error, kinks, worst } = check;
  if (worst === null) return `${name} has no gradients to check: nothing is trained.`;
  const size = error.toExponential(1);
  switch (verdict) {
    case 'right':
      return `The gradients of ${name} are right: they agree with differences to ${size} (worst: ${worst})${kinks > 0 ? `, but for ${count(kinks, 'number')} at a kink (relu, abs, min, max, clip), where there is no derivative` : ''}.`;
    case 'wrong':
      return `The gradients of ${name} are wrong: that of ${worst} differs from differences by ${size}. The mistake is in Unroll and not in the cell: please report it with the cell's text.`;
    case 'not a number':
      return `The gradients of ${name} are not numbers (${worst}): a logarithm, a root, a power or a division leaves its range. Keep what it is applied to away from 0, as in \`sqrt(v + 0.01)\`.`;
    case 'unsettled':
      return `The gradients of ${name} could not be checked: the loss changes so steeply with ${worst} that differences are too inexact. Keep the cell's values in range with tanh, σ, clip or norm.`;
  }
}

/** Returns the text of a gradient check: the finding, and each parameter's largest difference. */
export function showGradientCheck(cell: CheckedCell, network: Architecture, check: GradientCheck): string {
  const layers = network.layers.map(({ hidden }) => `${hidden} units`).join(' and ');
  return [
    sayGradientCheck(cell, check).replace(': ', ':\n'),
    '',
    'In 64 bit, at random weights:',
    `layers of ${layers}, ${network.inputs} symbols.`,
    'A relative error is the largest difference in a',
    'parameter over its largest gradient.',
    '',
    ...table(
      ['parameter', 'relative error', ''],
      [...check.perParameter].map(([name, { verdict, error, kinks }]) => [
        name,
        error.toExponential(1),
        [
          ...(verdict === 'right' ? [] : [verdict]),
          ...(kinks > 0 ? [`${count(kinks, 'number')} at a kink`] : []),
        ].join(', '),
      ]),
    ),
    '',
  ].join('\n');
}

/** Returns the table of a trace, a line a step. */
export function showTrace(
  { name, equations }: CheckedCell,
  symbols: string,
  { widths, values }: Trace,
): string {
  const steps = ['', ...symbols].map(visible);
  // A vector that no later step reads has no value before the first step.
  const stateless = new Set(equations.flatMap((equation) => (equation.maxLag === 0 ? [equation.name] : [])));
  const columns = Object.entries(values).flatMap(([vector, states]) =>
    states[0].map((_, unit) => ({
      title: states[0].length > 1 ? `${vector}.${unit + 1}` : vector,
      cells: states.map((state, t) => (t === 0 && stateless.has(vector) ? '' : decimal(state[unit]))),
    })),
  );
  return [
    `${name} over ${JSON.stringify(symbols)}`,
    `${count(widths.h, 'unit')}, initial weights, t = 0 before the start`,
    '',
    ...table(
      ['t', 'symbol', ...columns.map(({ title }) => title)],
      steps.map((symbol, t) => [`${t}`, symbol, ...columns.map(({ cells }) => cells[t])]),
    ),
    '',
  ].join('\n');
}

/** The state of a network as a dynamical system. */
export interface Dynamics {
  /** The number of steps along which the exponents are means. */
  readonly steps: number;
  /** The number of values of the state. */
  readonly dimension: number;
  /** The largest Lyapunov exponents, in nats a step. */
  readonly exponents: readonly number[];
  /** The spectral radius of each recurrent matrix. */
  readonly radii: Readonly<Record<string, number>>;
}

/** An exponent that is closer to 0 than this is not told from 0. */
const still = 0.005;

/** Says in a sentence what the largest exponent means. */
export function sayLyapunov([largest]: readonly number[]): string {
  if (largest === undefined) return 'Nothing is carried from step to step, so that there are no exponents.';
  if (Number.isNaN(largest))
    return 'The states are no numbers: they leave the range of what can be computed.';
  if (largest > still)
    return `States that differ by little part, ${Math.exp(largest).toFixed(3)} times as far with each step: this is chaotic.`;
  if (largest === Number.NEGATIVE_INFINITY)
    return 'Differences between states vanish altogether within a few steps.';
  if (largest < -still) {
    const steps = Math.ceil(Math.log(1e-3) / largest);
    return steps <= 1
      ? 'Differences between states vanish within a step.'
      : `States that differ come together: a thousandth of a difference is left after ${steps} steps.`;
  }
  return 'Differences between states neither grow nor fade: this is at the edge of chaos.';
}

/** Returns the text of a network's dynamics: Lyapunov exponents in nats a step, and spectral radii. */
export function showDynamics(title: string, { steps, dimension, exponents, radii }: Dynamics): string {
  const matrices = Object.entries(radii);
  return [
    title,
    sayLyapunov(exponents),
    '',
    `${exponents.length === dimension ? 'The' : `The largest of ${dimension}`} Lyapunov exponents, in nats a step, over ${count(steps, 'step')}:`,
    ...table(
      ['number', 'exponent'],
      exponents.map((exponent, index) => [
        `${index + 1}`,
        Number.isFinite(exponent) ? exponent.toFixed(4) : `${exponent}`,
      ]),
    ),
    ...(matrices.length === 0
      ? []
      : [
          '',
          ...table(
            ['recurrent matrix', 'spectral radius'],
            matrices.map(([name, radius]) => [name, radius.toFixed(3)]),
          ),
        ]),
    '',
  ].join('\n');
}

/** @param hidden the number of hidden units. @param vocabulary the number of symbols that the layer reads */
export function showGraph(cell: CheckedCell, hidden: number, vocabulary: number): string {
  const network: Architecture = {
    inputs: vocabulary,
    outputs: vocabulary,
    embedding: 0,
    layers: [{ cell, hidden }],
    tied: false,
    head: { kind: 'every step' },
    ...((cell.readsGiven || cell.readsPositions) && {
      encoder: { inputs: vocabulary, embedding: hidden, layers: [] },
    }),
  };
  const options = { dropout: false, batch: 1 };
  return [
    `A layer of ${cell.name}: ${count(hidden, 'unit')}, ${count(vocabulary, 'symbol')}`,
    '',
    'Each line is a value: its operation, the lines that it',
    'reads ([t-1]: one step earlier), after : its width, and',
    'after → the state that it becomes. What is the same at',
    'every step is marked `once`, a value for each row `row`,',
    'for each position of a source `position`, and for each',
    'position at each step `pair`.',
    '',
    'What a step computes',
    '',
    printGraph(compileForward(network, { ...options, losses: false }).graph),
    '',
    'The same with its loss and the way back',
    '',
    printGraph(compileTraining(network, options).graph),
    '',
  ].join('\n');
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** Shows a space as ␣, and line ends and other control characters by their escapes. */
const visible = (symbol: string): string => (symbol === ' ' ? '␣' : JSON.stringify(symbol).slice(1, -1));

const decimal = (value: number): string =>
  Math.abs(value) < 1e6 ? value.toFixed(6) : value.toExponential(6);

/** Formats columns as wide as their widest entry, with numbers and their titles aligned to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const right = head.map((_, i) => rows.every((row) => /^(-?(\d.*|NaN|Infinity))?$/.test(row[i])));
  return [head, ...rows].map((row) =>
    row
      .map((entry, i) => (right[i] ? entry.padStart(widths[i]) : entry.padEnd(widths[i])))
      .join('  ')
      .trimEnd(),
  );
}
