// Which parameters a network has: one list for every engine, the initialisation and the files.
import type { Initialiser, Width } from '../language/cell.ts';
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

export function resolveWidth(width: Width, widths: { x: number; h: number; y: number }): number {
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
    for (const { name, kind, rows, columns, initialiser, trained } of cell.parameters) {
      const shape = [
        resolveWidth(rows, widths),
        ...(kind === 'matrix' ? [resolveWidth(columns, widths)] : []),
      ];
      list.push({ name: `layers.${index}.${name}`, shape, initialiser, trained });
    }
    for (const { name, width, initial } of cell.equations)
      if (initial.kind === 'learned')
        list.push({
          name: `layers.${index}.${name}[0]`,
          shape: [initial.first ?? resolveWidth(width, widths)],
          initialiser: { kind: 'constant', value: initial.value },
          trained: true,
        });
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
