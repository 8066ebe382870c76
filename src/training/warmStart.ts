// Begins a run with the weights of an earlier one on other data of the same kind (a warm start; Ash & Adams 2020). What
// belongs to a symbol or to a class is found by its name, as both may have other indices now.
import type { Architecture, Weight, Weights } from '../backend/engine.ts';
import type { Width } from '../language/cell.ts';
import { cellsOf, encoderOf, encoderRole, type PlacedStack } from '../tape/architecture.ts';

/** A network with the names of what it reads and predicts, by their indices. */
export interface NamedNetwork {
  readonly architecture: Architecture;
  readonly weights: Weights;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The source that an encoder reads; it is missing where there is no encoder. */
  readonly sources?: readonly string[];
}

/**
 * Returns the weights of a network, in place of which an earlier one's stand where it has them. A parameter that has
 * another shape there stays as it is, as do the rows of symbols and classes that are new.
 */
export function warmStart(network: NamedNetwork, earlier: NamedNetwork): Weights {
  const named: Readonly<Record<NamedAxis, readonly number[]>> = {
    inputs: indicesIn(network.inputs, earlier.inputs),
    outputs: indicesIn(network.outputs, earlier.outputs),
    sources: indicesIn(network.sources ?? [], earlier.sources ?? []),
  };
  const axes = namedAxes(network.architecture);
  return new Map(
    [...network.weights].map(([name, weight]) => {
      const other = earlier.weights.get(name);
      const own = axes.get(name) ?? [];
      const fits =
        other?.shape.length === weight.shape.length &&
        weight.shape.every((size, axis) => own[axis] || size === other.shape[axis]);
      const indices = weight.shape.map((size, axis) =>
        own[axis] ? named[own[axis]] : Array.from({ length: size }, (_, index) => index),
      );
      return [name, fits ? taken(weight, other, indices) : weight];
    }),
  );
}

/** Returns for each name its index among the earlier ones; -1 for one that is new. */
function indicesIn(names: readonly string[], earlier: readonly string[]): readonly number[] {
  const indices = new Map(earlier.map((name, index) => [name, index]));
  return names.map((name) => indices.get(name) ?? -1);
}

/** The meaning of an axis's indices where they are not units. */
type NamedAxis = 'inputs' | 'outputs' | 'sources';

/** Returns the axes of the parameters that are those of symbols or classes, by the parameters' names. */
function namedAxes(architecture: Architecture): Map<string, readonly (NamedAxis | null)[]> {
  const found = new Map<string, readonly (NamedAxis | null)[]>([
    ['embedding', ['inputs', null]],
    ['output.W', ['outputs', null]],
    ['output.b', ['outputs']],
  ]);
  const encoder = encoderOf(architecture);
  if (encoder) found.set(`${encoderRole}embedding`, ['sources', null]);
  // A decoder whose encoder has no layers is given the symbols themselves, unless they have an embedding.
  const given = encoder?.embedding === 0 && encoder.layers.length === 0 ? 'sources' : null;
  const look = (stack: PlacedStack, role: string, symbols: NamedAxis) => {
    for (const layer of stack.layers.keys()) {
      const first = layer === 0 && stack.embedding === 0 ? symbols : null;
      const axisOf = (width: Width) =>
        width === 'y' ? 'outputs' : width === 'x' ? first : width === 'm' ? given : null;
      for (const { cell, prefix } of cellsOf(stack, layer, role))
        for (const { name, rows, columns } of cell.parameters)
          found.set(prefix + name, [axisOf(rows), axisOf(columns)]);
    }
  };
  look(architecture, '', 'inputs');
  if (encoder) look(encoder, encoderRole, 'sources');
  return found;
}

/** Returns a parameter with those of its numbers that the earlier one has. @param indices those of each axis there */
function taken(weight: Weight, other: Weight, [rows, columns = [0]]: readonly (readonly number[])[]): Weight {
  const data = weight.data.slice();
  const width = other.shape[1] ?? 1;
  for (const [row, from] of rows.entries())
    for (const [column, at] of columns.entries())
      if (from >= 0 && at >= 0) data[row * columns.length + column] = other.data[from * width + at];
  return { ...weight, data };
}
