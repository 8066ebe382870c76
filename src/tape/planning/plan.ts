// Plans a graph's tape for a number of streams and steps: the stages in order, and the location of each value.

import { type Axis, ancestors, axisOf, type Graph, type Node, type Read, type State } from '../graph.ts';
import { carryOver, carrySize } from './carry.ts';
import { counted } from './counted.ts';
import { Emitter, type Slot } from './emit.ts';
import { weightGradientScratch } from './kernels.ts';
import { aligned, type Layout } from './layout.ts';
import type { LookupTableLocations } from './lookupTables.ts';
import type { Argument, Instruction, Program, Section } from './program.ts';
import { type Stage, schedule } from './schedule.ts';
import { type Block, type Home, placeless, type Storage, store } from './storage.ts';

/** The sizes of a tape, and the locations of what it shares with others. Locations are indices of words. */
export interface PlanOptions {
  /**
   * The number of this tape's streams, the first of them, and the number of streams of all threads together.
   */
  readonly rows: number;
  readonly firstRow: number;
  readonly batch: number;
  /** The largest number of steps that the tape can run. */
  readonly steps: number;
  /** The largest number of positions of a source; none where there is no encoder. */
  readonly positions?: number | undefined;
  readonly layout: Layout;
  /** The first word that this tape may use. */
  readonly start: number;
  /** The first word of the carried states, which carry.ts lays out. */
  readonly carry: number;
  /** The first word of this tape's gradients. */
  readonly gradients: number;
  /**
   * The first word of the carried states' gradients, where they are asked for; their layout is the states'.
   */
  readonly carriedGradients?: number;
  /** The first words of the numbers that are read and predicted, where tokens are indices of their rows. */
  readonly tables?: LookupTableLocations | null;
  /** The nodes besides the states that are read after the first half of a run. */
  readonly outputs?: readonly Node[];
  /**
   * Whether the first half of a run computes all that does not depend on the steps, such as an encoder, so that the
   * second half may run again with other steps. The caller then begins the states of steps.
   */
  readonly sourceApart?: boolean;
}

/** A tape with the locations of what its caller writes and reads. */
export interface Plan {
  readonly rows: number;
  readonly program: Program;
  /**
   * The number of sections that compute the states and `outputs`, or with `sourceApart` what does not depend on the
   * steps; the other sections may run later.
   */
  readonly firstHalf: number;
  /** The nodes that the first half computes and the second reads, where the source is apart. */
  readonly handedOn: readonly Node[];
  /** The instructions that write the constants; they run once, before the first run. */
  readonly setup: readonly Instruction[];
  /** The first words of the tokens of each index in a step, and of the targets, [steps × rows] whole numbers each. */
  readonly tokens: readonly number[];
  /** The first words of the source's tokens of each index in a step, [positions × rows] whole numbers each. */
  readonly source: readonly number[];
  /**
   * The first of [rows] whole numbers, where there is an encoder: for each stream the index of the last position of
   * its source among [positions × rows].
   */
  readonly lasts: number;
  readonly targets: number;
  /** The word that holds the weight of a target, 1 / (number of counted targets). */
  readonly scale: number;
  /** The word that holds the seed of the dropout masks, a whole number. */
  readonly seed: number;
  /** The word that holds the dropout rate. */
  readonly dropoutRate: number;
  /**
   * The first of [rows] whole numbers: 0 where the stream begins the window at h[0], which then gets its
   * gradient; otherwise -1.
   */
  readonly fresh: number;
  /** Returns the location of a kept value: at step t it is at `at + t·step`, with rows `stride` words apart. */
  locate(node: Node): { at: number; step: number; stride: number };
  /** Returns the location of a state `lag` steps before the first one. */
  placeBefore(node: Node, lag: number): number;
  /** The first word after the memory of this tape. */
  readonly end: number;
}

/** Plans the tape of a graph: its calls in order, and where each value stands. */
export function plan(graph: Graph, options: PlanOptions): Plan {
  const { rows, firstRow, batch, steps, layout, carry, gradients, carriedGradients } = options;
  const positions = options.positions ?? 0;
  const stages = schedule(graph);
  const handedOn = options.sourceApart ? acrossSteps(graph) : [];
  const storage = store(graph, stages, { rows, steps, positions }, new Set(handedOn));
  const { constants, scratch, blocks, end, ...inputs } = reserveMemory(graph, stages, storage.size, options);

  const slot = (node: Node, lag: number) => slotOf(storage.home(node), lag, blocks);
  const locate = ({ node, lag }: Read): Slot => {
    const { operation } = node;
    const axis = axisOf(node);
    if (operation.kind === 'parameter')
      return { at: layout.stacked(operation.names).at, step: 0, stride: 0, axis };
    if (operation.kind === 'constant') return { at: constants.get(node)!, step: 0, stride: 0, axis };
    const location = slot(node, lag);
    return node.per === 'once' ? { at: location.at, step: 0, stride: 0, axis } : { ...location, axis };
  };
  const emitter = new Emitter({
    rows,
    firstRow,
    steps,
    positions,
    layout,
    gradients,
    carriedGradients,
    ...inputs,
    tables: options.tables ?? { inputs: 0, targets: 0 },
    scratch,
    locate,
    storage,
    graph,
    counted: counted(graph, stages),
  });
  const { loads, save } = carryOver(graph.states, { carry, batch, firstRow, rows }, ({ node }, lag) =>
    slot(node, lag),
  );
  const { sections, firstHalf } = emitSections({
    graph,
    stages,
    storage,
    emitter,
    options,
    preparations: preparationsOf(graph, storage, blocks, loads),
  });
  return {
    rows,
    program: { sections, save },
    firstHalf,
    handedOn,
    setup: [...constants].map(([node, at]) => ({
      kernel: 'fill',
      arguments: [at, node.width, (node.operation as { value: number }).value, 1, node.width],
    })),
    ...inputs,
    locate: (node) => slot(node, 0),
    placeBefore: (node, lag) => slot(node, lag).at,
    end,
  };
}

/** Returns the location of a value `lag` steps before. @param blocks the first word of all blocks */
const slotOf = ({ block, column }: Home, lag: number, blocks: number) => ({
  at: blocks + block.at + column + (block.lasting ? (block.before - lag) * block.rows * block.width : 0),
  step: block.lasting && block.rows > 1 ? block.rows * block.width : block.lasting ? block.width : 0,
  stride: block.width,
});

const nodesOf = (stage: Stage): readonly Node[] => (stage.kind === 'all' ? [stage.node] : stage.nodes);

/** Reserves the memory of a tape from its start on. @returns the first words of what stands there, and of what is behind */
function reserveMemory(
  graph: Graph,
  stages: readonly Stage[],
  blockWords: number,
  { rows, steps, positions = 0, start }: PlanOptions,
) {
  let end = start;
  const reserve = (words: number) => {
    const at = end;
    end = aligned(end + words);
    return at;
  };
  const tokens = Array.from({ length: tokensRead(graph, 'step') }, () => reserve(rows * steps));
  const targets = reserve(rows * steps);
  const scale = reserve(1);
  const seed = reserve(1);
  const dropoutRate = reserve(1);
  const fresh = reserve(rows);
  const source =
    positions > 0
      ? Array.from({ length: tokensRead(graph, 'position') }, () => reserve(rows * positions))
      : [];
  const lasts = positions > 0 ? reserve(rows) : 0;
  const order = stages.flatMap(nodesOf);
  const constants = new Map<Node, number>();
  for (const node of order) if (node.operation.kind === 'constant') constants.set(node, reserve(node.width));
  const widest = Math.max(
    1,
    ...graph.nodes().map(({ width }) => width),
    ...order.flatMap(({ inputs }) => inputs.map(({ node }) => node.width)),
  );
  const scratch = reserve(weightGradientScratch(widest));
  const blocks = reserve(blockWords);
  return { tokens, targets, scale, seed, dropoutRate, fresh, source, lasts, constants, scratch, blocks, end };
}

/**
 * Returns the instructions that prepare each block before its first use: zeros where they are read before the first step or
 * after the last, and the carried states.
 * @param blocks the first word of all blocks
 */
function preparationsOf(
  graph: Graph,
  storage: Storage,
  blocks: number,
  loads: ReadonlyMap<State, readonly Instruction[]>,
): Map<Block, readonly Instruction[]> {
  const preparations = new Map<Block, readonly Instruction[]>();
  for (const block of storage.blocks) {
    const zero = (at: Argument, count: number): Instruction => ({
      kernel: 'fill',
      arguments: [at, block.width, 0, count * block.rows, block.width],
    });
    const start = blocks + block.at;
    const size = block.rows * block.width;
    const zeros: Instruction[] = [];
    if (block.before > 0 && readsZerosBefore(graph, block)) zeros.push(zero(start, block.before));
    if (block.after > 0) {
      const base = start + block.before * size;
      const behind = block.axis === 'position' ? { base, perPosition: size } : { base, perStep: size };
      zeros.push(zero(behind, block.after));
    }
    if (zeros.length > 0) preparations.set(block, zeros);
  }
  for (const [{ node }, load] of loads) {
    const { block } = storage.home(node);
    preparations.set(block, [...(preparations.get(block) ?? []), ...load]);
  }
  return preparations;
}

interface Planned {
  readonly graph: Graph;
  readonly stages: readonly Stage[];
  readonly storage: Storage;
  readonly emitter: Emitter;
  readonly options: PlanOptions;
  readonly preparations: ReadonlyMap<Block, readonly Instruction[]>;
}

/** Emits the sections of a program. @returns them with the number of those in the first half, see {@link Plan} */
function emitSections({ graph, stages, storage, emitter, options, preparations }: Planned) {
  const { rows, layout, gradients, carriedGradients, outputs } = options;
  const unprepared = new Map(preparations);
  const ofSource: Section[] = [];
  const others: Section[] = [];
  let sections = others;
  let firstHalf: number | null = null;
  const once = (instructions: readonly Instruction[]) => {
    const last = sections.at(-1);
    if (last?.kind === 'once' && sections.length !== firstHalf)
      sections[sections.length - 1] = { kind: 'once', instructions: [...last.instructions, ...instructions] };
    else sections.push({ kind: 'once', instructions });
  };
  const learns = graph
    .nodes()
    .some(({ operation }) => operation.kind !== 'parameter' && placeless.has(operation.kind));
  if (learns) once([{ kernel: 'fill', arguments: [gradients, layout.trained, 0, 1, layout.trained] }]);
  if (carriedGradients !== undefined) {
    const size = carrySize(graph.states, rows);
    once([{ kernel: 'fill', arguments: [carriedGradients, size, 0, 1, size] }]);
  }
  const early = outputs && ancestors([...graph.states.map(({ node }) => node), ...outputs]);
  for (const stage of stages) {
    const nodes = nodesOf(stage);
    if (options.sourceApart) sections = nodes.some(dependsOnSteps) ? others : ofSource;
    // The scheduler begins with the states and then the first roots, so what they need comes before all else.
    if (early && !nodes.every((node) => early.has(node))) firstHalf ??= sections.length;
    for (const node of nodes)
      for (const each of [node, ...node.inputs.map((read) => read.node)]) {
        if (placeless.has(each.operation.kind)) continue;
        const { block } = storage.home(each);
        const preparation = unprepared.get(block);
        if (!preparation) continue;
        once(preparation);
        unprepared.delete(block);
      }
    const before = nodes.flatMap((node) =>
      options.sourceApart && node.operation.kind === 'begin' && dependsOnSteps(node)
        ? []
        : emitter.before(node),
    );
    if (before.length > 0) once(before);
    if (stage.kind === 'all') once(emitter.instructions(stage.node, stage));
    else
      sections.push({
        kind: 'loop',
        axis: stage.axis,
        reverse: stage.reverse,
        instructions: stage.nodes.flatMap((node) => emitter.instructions(node, stage)),
      });
  }
  if (learns) once(layout.throughProbabilities(gradients));
  const all = [...ofSource, ...others];
  return { sections: all, firstHalf: options.sourceApart ? ofSource.length : (firstHalf ?? all.length) };
}

const dependsOnSteps = (node: Node): boolean => axisOf(node) === 'step';

/** Returns the values that do not depend on the steps and are read where something does. */
function acrossSteps(graph: Graph): Node[] {
  const read = graph
    .nodes()
    .filter(dependsOnSteps)
    .flatMap(({ inputs }) => inputs.map(({ node }) => node));
  return [...new Set(read)].filter(
    (node) => !dependsOnSteps(node) && !['parameter', 'constant'].includes(node.operation.kind),
  );
}

/** Returns the number of tokens of a step or position. */
const tokensRead = (graph: Graph, axis: Axis): number =>
  graph
    .nodes()
    .reduce(
      (most, { operation, per }) =>
        'token' in operation && per === axis ? Math.max(most, operation.token! + 1) : most,
      1,
    );

/** Returns whether steps before the window are read of a value that is not carried: a gradient of a backward cell. */
function readsZerosBefore(graph: Graph, { members }: Block): boolean {
  const states = new Set(graph.states.map(({ node }) => node));
  const readers = graph.users();
  return members.some((node) => !states.has(node) && readers.get(node)!.some(({ lag }) => lag > 0));
}
