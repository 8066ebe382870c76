// Lays out the parameters in memory. Parameters that a merged operation reads together are adjacent; a matrix
// whose columns are looked up is stored by columns; and each matrix of a product has a packed copy for each
// direction in which it is multiplied. A stochastic matrix has a location for its free numbers, which are the
// parameters, and one for its probabilities, which products and look-ups read.
import { type Graph, namesOf } from './graph.ts';
import { packedSize } from './kernels.ts';
import type { ParameterDescription } from './parameterDescription.ts';
import type { Instruction } from './program.ts';

/** The location of one parameter: entry [row, column] is at `at + row·rowStride + column·columnStride`. */
export interface ParameterLocation {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** Matrices that are stacked one above the other, [rows × columns], for one product. */
export interface Stack {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
  readonly byColumns: boolean;
}

export interface Layout {
  readonly start: number;
  readonly locations: ReadonlyMap<string, ParameterLocation>;
  /** The number of trained words, which come first; their gradients have the same layout. */
  readonly trained: number;
  /** The number of words of all parameters. */
  readonly size: number;
  /** The first word after the packed copies, which follow the parameters. */
  readonly end: number;
  stack(names: readonly string[]): Stack;
  /** Returns the first word of the packed copy of matrices. */
  packed(names: readonly string[], transposed: boolean): number;
  /** The instructions that make stochastic matrices of their free numbers, before all packed copies. */
  readonly probabilities: readonly Instruction[];
  /** The instructions that make the packed copies from the parameters. */
  readonly packs: readonly Instruction[];
  /**
   * Returns the instructions that turn the gradients of stochastic matrices, from the word `gradients` on, into
   * those of their free numbers.
   */
  throughProbabilities(gradients: number): Instruction[];
}

/** @param start the first word */
export function layOutParameters(
  descriptions: readonly ParameterDescription[],
  graphs: readonly Graph[],
  start: number,
): Layout {
  const described = new Map(descriptions.map((description) => [description.name, description]));
  const operations = graphs.flatMap((graph) => graph.nodes().map(({ operation }) => operation));
  const byColumns = new Set(
    operations.flatMap((operation) =>
      operation.kind === 'gather' && operation.byColumns ? operation.matrices : [],
    ),
  );
  // The softmax of a column needs its numbers side by side.
  const stochastic = descriptions.filter((description) => description.stochastic);
  for (const { name } of stochastic) byColumns.add(name);
  const groups = new Map<string, readonly string[]>();
  const grouped = new Set<string>();
  const longest = operations.map(namesOf).sort((a, b) => b.length - a.length);
  for (const names of [...longest, ...descriptions.map(({ name }) => [name])]) {
    if (names.length === 0 || names.some((name) => grouped.has(name))) continue;
    groups.set(names.join(), names);
    for (const name of names) grouped.add(name);
  }

  const locations = new Map<string, ParameterLocation>();
  const isTrained = (names: readonly string[]) => described.get(names[0])!.trained;
  const sorted = [...groups.values()].sort((a, b) => Number(isTrained(b)) - Number(isTrained(a)));
  let at = start;
  let trained = 0;
  for (const names of sorted) {
    const shapes = names.map((name) => described.get(name)!.shape);
    const rows = shapes.reduce((sum, shape) => sum + shape[0], 0);
    const columns = shapes[0][1] ?? 1;
    let row = 0;
    for (const [index, name] of names.entries()) {
      const transposed = byColumns.has(name);
      locations.set(name, {
        at: at + (transposed ? row : row * columns),
        rows: shapes[index][0],
        columns,
        rowStride: transposed ? 1 : columns,
        columnStride: transposed ? rows : 1,
      });
      row += shapes[index][0];
    }
    at += rows * columns;
    if (isTrained(names)) trained = at - start;
  }
  const size = at - start;
  /** The first words of the probabilities of stochastic matrices. */
  const probabilitiesOf = new Map<string, number>();
  for (const { name, shape } of stochastic) {
    at = aligned(at);
    probabilitiesOf.set(name, at);
    at += shape[0] * (shape[1] ?? 1);
  }
  const columnsOf = (name: string) => {
    const { at: free, rows, columns } = locations.get(name)!;
    return { free, rows, columns, probabilities: probabilitiesOf.get(name)! };
  };

  const stack = (names: readonly string[]): Stack => {
    const parts = names.map((name) => locations.get(name)!);
    return {
      at: probabilitiesOf.get(names[0]) ?? parts[0].at,
      rows: parts.reduce((sum, part) => sum + part.rows, 0),
      columns: parts[0].columns,
      byColumns: byColumns.has(names[0]),
    };
  };
  const packedPlaces = new Map<string, number>();
  const packs: Instruction[] = [];
  const key = (names: readonly string[], transposed: boolean) => `${names} ${transposed}`;
  at = aligned(at);
  for (const operation of operations) {
    if (operation.kind !== 'matmul' || packedPlaces.has(key(operation.matrices, operation.transposed)))
      continue;
    const { matrices, transposed } = operation;
    const { at: from, rows, columns, byColumns: turned } = stack(matrices);
    const [k, n] = transposed ? [rows, columns] : [columns, rows];
    packs.push({
      kernel: transposed === turned ? 'packColumns' : 'packRows',
      arguments: [at, from, turned ? rows : columns, k, n],
    });
    packedPlaces.set(key(matrices, transposed), at);
    at = aligned(at + packedSize(k, n));
  }
  return {
    start,
    locations,
    trained,
    size,
    end: at,
    stack,
    packed: (names, transposed) => packedPlaces.get(key(names, transposed))!,
    probabilities: stochastic.map(({ name }) => {
      const { free, rows, columns, probabilities } = columnsOf(name);
      return { kernel: 'softmax', arguments: [probabilities, rows, free, rows, columns, rows] };
    }),
    packs,
    throughProbabilities: (gradients) =>
      stochastic
        .filter(({ trained }) => trained)
        .map(({ name }) => {
          const { free, rows, columns, probabilities } = columnsOf(name);
          const to = free - start + gradients;
          return {
            kernel: 'softmaxGradient',
            arguments: [to, rows, to, rows, probabilities, rows, columns, rows],
          };
        }),
  };
}

/** Rounds a number of words up to a multiple of 64 bytes, where blocks begin. */
export const aligned = (words: number): number => Math.ceil(words / 16) * 16;
