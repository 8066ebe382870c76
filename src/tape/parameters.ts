// Lists the parameters of a network, for every engine, the initialisation and the files.
import type { CheckedCell, Initialiser } from '../language/cell.ts';
import { type Widths, widthOf } from '../language/widths.ts';
import { type Architecture, cellsOf, encoderOf, encoderRole, type PlacedStack } from './architecture.ts';
import { headOf } from './heads/index.ts';
import { initialise } from './initialise.ts';
import type { ParameterDescription } from './parameterDescription.ts';
import { random } from './random.ts';

/** The values of a parameter, row by row. */
export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Holds parameters by name, row-major: `embedding` [inputs × E], `layers.0.U_f` [rows × columns],
 * `layers.0.b_f` [H], `layers.0.h[0]` (a learned initial state), `layers.0.backward.U` (of the cell that reads
 * a bidirectional layer's rows from their end), `output.W` [outputs × width of the last layer's output], which is 2 H
 * where that layer is bidirectional, and another one where its cell's output has a width of its own, and `output.b`
 * [outputs], with two outputs for each number of a Gaussian likelihood. Those of an encoder begin with `encoder.`, as in
 * `encoder.embedding`.
 */
export type Weights = ReadonlyMap<string, Weight>;

/** Returns the parameters of a network: those of an encoder, of the layers from below, and of the head. */
export function parameters(architecture: Architecture): ParameterDescription[] {
  const encoder = encoderOf(architecture);
  return [
    ...(encoder ? stackParameters(encoder, encoderRole) : []),
    ...stackParameters(architecture, ''),
    ...headOf(architecture).parameters(architecture),
  ];
}

function stackParameters(stack: PlacedStack, role: string): ParameterDescription[] {
  const { input, inputs, embedding } = stack;
  const list: ParameterDescription[] = [];
  if (embedding > 0)
    list.push({
      name: `${role}embedding`,
      shape: [inputs, embedding],
      initialiser: { kind: 'normal', deviation: 0.1 },
      trained: true,
    });
  for (const index of stack.layers.keys())
    for (const { cell, widths, prefix } of cellsOf(stack, index, role)) {
      const oneHot = index === 0 && embedding === 0 && input !== 'numbers';
      const ofCell = cellParameters(cell, widths, oneHot);
      for (const own of [...ofCell, ...learnedStates(cell, widths)])
        list.push({ ...own, name: prefix + own.name });
    }
  return list;
}

/**
 * The initialiser of a matrix that reads one-hot vectors, in place of Glorot's: uniform with the variance
 * 1 / fan-in (LeCun et al. 1998). A one-hot vector has a single entry that is not zero, so that the fan-in is 1
 * and not the size of the vocabulary, for which Glorot's limit would make the layer's input vanish.
 */
const forOneHot: Initialiser = { kind: 'uniform', limit: Math.sqrt(3) };

/** Returns the parameters in a cell's equations. @param oneHot whether x is a one-hot vector */
export const cellParameters = (cell: CheckedCell, widths: Widths, oneHot = false): ParameterDescription[] =>
  cell.parameters.map(({ name, kind, rows, columns, initialiser, trained, stochastic }) => ({
    name,
    shape: [widthOf(rows, widths), ...(kind === 'matrix' ? [widthOf(columns, widths)] : [])],
    initialiser: oneHot && columns === 'x' && initialiser.kind === 'glorot' ? forOneHot : initialiser,
    trained,
    ...(stochastic ? { stochastic } : {}),
  }));

/** Returns a cell's learned initial states. */
export const learnedStates = (cell: CheckedCell, widths: Widths): ParameterDescription[] =>
  cell.equations.flatMap(({ name, width: of, initial }) => {
    if (initial.kind !== 'learned') return [];
    const { value, first } = initial;
    const width = widthOf(of, widths);
    const shape = [Math.min(first ?? width, width)];
    const initialiser = { kind: 'constant', value } as const;
    return [{ name: `${name}[0]`, shape, initialiser, trained: true }];
  });

/** Returns the weights before training, which are the same for every engine. */
export function initialWeights(architecture: Architecture, seed: number): Weights {
  const next = random(seed);
  return new Map(
    parameters(architecture).map(({ name, shape, initialiser }) => [
      name,
      { shape, data: initialise(initialiser, shape, next) },
    ]),
  );
}
