// Lays out the parameters in memory. Parameters that a merged operation reads together are adjacent; a matrix
// whose columns are looked up is stored by columns; and each matrix of a product has a packed copy for each
// direction in which it is multiplied. A stochastic matrix has a location for its free numbers, which are the
// parameters, and one for its probabilities, which products and look-ups read.
import { type Graph, namesOf, type Operation } from '../graph.ts';
import type { ParameterDescription } from '../parameterDescription.ts';
import { packedSize } from './kernels.ts';
import type { Instruction } from './program.ts';

/** The location of one parameter: entry [row, column] is at `at + row·rowStride + column·columnStride`. */
export interface ParameterLocation {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** Parameters one above the other, [rows × columns], which one operation reads together. */
export interface StackedParameters {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
  readonly byColumns: boolean;
}

/** The locations of all parameters of a network, in words of four bytes (eight where numbers have 64 bits). */
export interface Layout {
  readonly start: number;
  readonly locations: ReadonlyMap<string, ParameterLocation>;
  /** The number of trained words, which come first; their gradients have the same layout. */
  readonly trained: number;
  /** The number of words of all parameters. */
  readonly size: number;
  /** The first word after the packed copies, which follow the parameters. */
  readonly end: number;
  /** Returns the location of parameters that one operation reads together; of stochastic ones, that of their probabilities. */
  stacked(names: readonly string[]): StackedParameters;
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

/**
 * Lays out parameters from a word on, in the order: groups of trained ones, groups of fixed ones, probabilities of stochastic
 * matrices, packed copies.
 * @param graphs the graphs whose operations read the parameters
 * @param start the first word
 */
export function layOutParameters(
  descriptions: readonly ParameterDescription[],
  graphs: readonly Graph[],
  start: number,
): Layout {
  const operations = graphs.flatMap((graph) => graph.nodes().map(({ operation }) => operation));
  const stochastic = descriptions.filter((description) => description.stochastic);
  const byColumns = namesByColumns(operations, stochastic);
  const groups = adjacent(descriptions, operations);
  const { locations, trained, end } = locate(groups, byColumns, start);
  const probabilities = locateProbabilities(stochastic, end);
  const stacked = (names: readonly string[]): StackedParameters => {
    const parts = names.map((name) => locations.get(name)!);
    return {
      at: probabilities.at.get(names[0]) ?? parts[0].at,
      rows: parts.reduce((sum, part) => sum + part.rows, 0),
      columns: parts[0].columns,
      byColumns: byColumns.has(names[0]),
    };
  };
  const packed = pack(operations, stacked, aligned(probabilities.end));
  const columnsOf = (name: string) => {
    const { at: free, rows, columns } = locations.get(name)!;
    return { free, rows, columns, probabilities: probabilities.at.get(name)! };
  };
  return {
    start,
    locations,
    trained,
    size: end - start,
    end: packed.end,
    stacked,
    packed: (names, transposed) => packed.at.get(packedKey(names, transposed))!,
    probabilities: stochastic.map(({ name }) => {
      const { free, rows, columns, probabilities } = columnsOf(name);
      return { kernel: 'softmax', arguments: [probabilities, rows, free, rows, columns, rows] };
    }),
    packs: packed.instructions,
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

/** Returns the names of the matrices that are stored by columns: those whose columns are looked up, or sum to 1. */
function namesByColumns(
  operations: readonly Operation[],
  stochastic: readonly ParameterDescription[],
): ReadonlySet<string> {
  const lookedUp = operations.flatMap((operation) =>
    operation.kind === 'gather' && operation.byColumns ? operation.matrices : [],
  );
  // The softmax of a column needs its numbers side by side.
  return new Set([...lookedUp, ...stochastic.map(({ name }) => name)]);
}

/**
 * Parts the parameters into groups that are adjacent in memory, because one operation reads them together. Where two operations
 * would group a parameter differently, the larger group is made. Groups of trained parameters come first.
 */
function adjacent(
  descriptions: readonly ParameterDescription[],
  operations: readonly Operation[],
): (readonly ParameterDescription[])[] {
  const described = new Map(descriptions.map((description) => [description.name, description]));
  const groups: (readonly string[])[] = [];
  const grouped = new Set<string>();
  const longest = operations.map(namesOf).sort((a, b) => b.length - a.length);
  for (const names of [...longest, ...descriptions.map(({ name }) => [name])]) {
    if (names.length === 0 || names.some((name) => grouped.has(name))) continue;
    groups.push(names);
    for (const name of names) grouped.add(name);
  }
  return groups
    .map((names) => names.map((name) => described.get(name)!))
    .sort(([a], [b]) => Number(b.trained) - Number(a.trained));
}

/**
 * Places groups of parameters one behind another, and the parameters of a group one above the other.
 * @returns the number of words of the trained ones, which come first, and the first word behind all of them
 */
function locate(
  groups: readonly (readonly ParameterDescription[])[],
  byColumns: ReadonlySet<string>,
  start: number,
): { locations: Map<string, ParameterLocation>; trained: number; end: number } {
  const locations = new Map<string, ParameterLocation>();
  let at = start;
  let trained = 0;
  for (const group of groups) {
    const rows = group.reduce((sum, { shape }) => sum + shape[0], 0);
    const columns = group[0].shape[1] ?? 1;
    let row = 0;
    for (const { name, shape } of group) {
      const transposed = byColumns.has(name);
      locations.set(name, {
        at: at + (transposed ? row : row * columns),
        rows: shape[0],
        columns,
        rowStride: transposed ? 1 : columns,
        columnStride: transposed ? rows : 1,
      });
      row += shape[0];
    }
    at += rows * columns;
    if (group[0].trained) trained = at - start;
  }
  return { locations, trained, end: at };
}

/** Places the probabilities of each stochastic matrix from a word on. */
function locateProbabilities(stochastic: readonly ParameterDescription[], start: number) {
  const at = new Map<string, number>();
  let end = start;
  for (const { name, shape } of stochastic) {
    end = aligned(end);
    at.set(name, end);
    end += shape[0] * (shape[1] ?? 1);
  }
  return { at, end };
}

/** Places a packed copy of the matrices of each product, for each direction in which they are multiplied. */
function pack(operations: readonly Operation[], stacked: Layout['stacked'], start: number) {
  const at = new Map<string, number>();
  const instructions: Instruction[] = [];
  let end = start;
  for (const operation of operations) {
    if (operation.kind !== 'matmul') continue;
    const { matrices, transposed } = operation;
    const key = packedKey(matrices, transposed);
    if (at.has(key)) continue;
    const { at: from, rows, columns, byColumns } = stacked(matrices);
    const [k, n] = transposed ? [rows, columns] : [columns, rows];
    instructions.push({
      kernel: transposed === byColumns ? 'packColumns' : 'packRows',
      arguments: [end, from, byColumns ? rows : columns, k, n],
    });
    at.set(key, end);
    end = aligned(end + packedSize(k, n));
  }
  return { at, instructions, end };
}

const packedKey = (names: readonly string[], transposed: boolean): string => `${names} ${transposed}`;

/** Rounds a number of words of four bytes up to a multiple of 64 bytes, where blocks begin. */
export const aligned = (words: number): number => Math.ceil(words / 16) * 16;
