// Lists the parameters of a network, for every engine, the initialisation and the files.
import type { CheckedCell } from '../language/cell.ts';
import { type Widths, widthOf } from '../language/widths.ts';
import { type Architecture, cellsOf } from './architecture.ts';
import { headOf } from './heads/index.ts';
import { initialise } from './initialise.ts';
import type { ParameterDescription } from './parameterDescription.ts';
import { random } from './random.ts';

export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Holds parameters by name, row-major: `embedding` [inputs × E], `layers.0.U_f` [rows × columns],
 * `layers.0.b_f` [H], `layers.0.h[0]` (a learned initial state), `layers.0.backward.U` (of the cell that reads
 * a bidirectional layer's rows from their end), `output.W` [outputs × H], `output.b` [outputs].
 */
export type Weights = ReadonlyMap<string, Weight>;

export function parameters(architecture: Architecture): ParameterDescription[] {
  const { inputs, embedding } = architecture;
  const list: ParameterDescription[] = [];
  if (embedding > 0)
    list.push({
      name: 'embedding',
      shape: [inputs, embedding],
      initialiser: { kind: 'normal', deviation: 0.1 },
      trained: true,
    });
  for (const index of architecture.layers.keys())
    for (const { cell, widths, prefix } of cellsOf(architecture, index))
      for (const own of [...cellParameters(cell, widths), ...learnedStates(cell, widths)])
        list.push({ ...own, name: prefix + own.name });
  return [...list, ...headOf(architecture).parameters(architecture)];
}

/** Returns the parameters in a cell's equations. */
export const cellParameters = (cell: CheckedCell, widths: Widths): ParameterDescription[] =>
  cell.parameters.map(({ name, kind, rows, columns, initialiser, trained, stochastic }) => ({
    name,
    shape: [widthOf(rows, widths), ...(kind === 'matrix' ? [widthOf(columns, widths)] : [])],
    initialiser,
    trained,
    ...(stochastic ? { stochastic } : {}),
  }));

/** Returns a cell's learned initial states. */
export const learnedStates = (cell: CheckedCell, widths: Widths): ParameterDescription[] =>
  cell.equations.flatMap(({ name, width: of, initial: { kind, value, first } }) => {
    const width = widthOf(of, widths);
    const shape = [Math.min(first ?? width, width)];
    const initialiser = { kind: 'constant', value } as const;
    return kind === 'learned' ? [{ name: `${name}[0]`, shape, initialiser, trained: true }] : [];
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
