// Which parameters a network has: one list for every engine, the initialisation and the files.
import type { CheckedCell, Initialiser, Width } from '../language/cell.ts';
import type { Widths } from '../language/widths.ts';
import type { Architecture } from './architecture.ts';
import { initialise } from './initialise.ts';
import { random } from './random.ts';

export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Parameters by name, row-major: `embedding` [V × E], `layers.0.U_f` [rows × columns], `layers.0.b_f` [H],
 * `layers.0.h[0]` (a learned initial state), `output.W` [V × H], `output.b` [V].
 */
export type Weights = ReadonlyMap<string, Weight>;

export interface ParameterDescription {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initialiser: Initialiser;
  readonly trained: boolean;
}

/** What the last layer hands to the output layer. */
export function outputWidth(architecture: Architecture): number {
  const { cell, hidden } = architecture.layers.at(-1)!;
  const width = cell.equations.find(({ name }) => name === cell.output)!.width;
  return resolveWidth(width, {
    x: layerInput(architecture, architecture.layers.length - 1),
    h: hidden,
    y: architecture.vocabulary,
  });
}

/** The width of what layer `index` reads. */
export function layerInput(architecture: Architecture, index: number): number {
  if (index === 0) return architecture.embedding || architecture.vocabulary;
  const { cell, hidden } = architecture.layers[index - 1];
  const width = cell.equations.find(({ name }) => name === cell.output)!.width;
  return resolveWidth(width, {
    x: layerInput(architecture, index - 1),
    h: hidden,
    y: architecture.vocabulary,
  });
}

export function resolveWidth(width: Width, widths: Widths): number {
  return typeof width === 'number' ? width : widths[width];
}

export function parameters(architecture: Architecture): ParameterDescription[] {
  const { vocabulary, embedding, layers, tied } = architecture;
  const list: ParameterDescription[] = [];
  const glorot: Initialiser = { kind: 'glorot' };
  const zeros: Initialiser = { kind: 'constant', value: 0 };
  if (embedding > 0)
    list.push({
      name: 'embedding',
      shape: [vocabulary, embedding],
      initialiser: { kind: 'normal', deviation: 0.1 },
      trained: true,
    });
  for (const [index, { cell, hidden }] of layers.entries()) {
    const widths = { x: layerInput(architecture, index), h: hidden, y: vocabulary };
    for (const own of [...cellParameters(cell, widths), ...learnedStates(cell, widths)])
      list.push({ ...own, name: `layers.${index}.${own.name}` });
  }
  if (!tied)
    list.push({
      name: 'output.W',
      shape: [vocabulary, outputWidth(architecture)],
      initialiser: glorot,
      trained: true,
    });
  list.push({ name: 'output.b', shape: [vocabulary], initialiser: zeros, trained: true });
  return list;
}

/** Those in a cell's equations. */
export const cellParameters = (cell: CheckedCell, widths: Widths): ParameterDescription[] =>
  cell.parameters.map(({ name, kind, rows, columns, initialiser, trained }) => ({
    name,
    shape: [resolveWidth(rows, widths), ...(kind === 'matrix' ? [resolveWidth(columns, widths)] : [])],
    initialiser,
    trained,
  }));

/** A cell's learned initial states. */
export const learnedStates = (cell: CheckedCell, widths: Widths): ParameterDescription[] =>
  cell.equations.flatMap(({ name, width: of, initial: { kind, value, first } }) => {
    const width = resolveWidth(of, widths);
    const shape = [Math.min(first ?? width, width)];
    const initialiser = { kind: 'constant', value } as const;
    return kind === 'learned' ? [{ name: `${name}[0]`, shape, initialiser, trained: true }] : [];
  });

/** Before training; the same for every engine. */
export function initialWeights(architecture: Architecture, seed: number): Weights {
  const next = random(seed);
  return new Map(
    parameters(architecture).map(({ name, shape, initialiser }) => [
      name,
      { shape, data: initialise(initialiser, shape, next) },
    ]),
  );
}
