// A graph → a tape for so many streams and steps: stages in order, each value at its place.
import { type Counted, counted } from './counted.ts';
import { ancestors, type Graph, type Node, now, type Operation, type Read, type State } from './graph.ts';
import { outerScratch, type TapeKernel } from './kernels.ts';
import { aligned, type Layout } from './layout.ts';
import type { Argument, Instruction, Program, Section } from './program.ts';
import { type Stage, schedule } from './schedule.ts';
import { type Block, placeless, type Storage, store } from './storage.ts';

export interface PlanOptions {
  /** Streams here, the first of them, and how many there are in all threads together. */
  readonly rows: number;
  readonly firstRow: number;
  readonly batch: number;
  /** Most steps that the tape can run. */
  readonly steps: number;
  readonly layout: Layout;
  /** First word of what this tape may use. */
  readonly start: number;
  /** First word of the states between windows: see carrySize. */
  readonly carry: number;
  /** First word of this tape's gradients. */
  readonly gradients: number;
  /** First word of the carried states' gradients, where they are asked for: laid out as the states themselves. */
  readonly carriedGradients?: number;
  /** What is read before the rest runs, besides the states. */
  readonly outputs?: readonly Node[];
}

export interface Plan {
  readonly rows: number;
  readonly program: Program;
  /** How many of its sections make the states and `outputs`; the others may run later. */
  readonly firstHalf: number;
  /** Run once, before the first run: constants. */
  readonly setup: readonly Instruction[];
  /** [steps × rows] whole numbers each. */
  readonly tokens: number;
  readonly targets: number;
  /** One number: what a target counts, 1 / (number of counted targets). */
  readonly scale: number;
  /** One whole number. */
  readonly seed: number;
  /** Where a kept value is at step t: at + t·step, rows of `stride`. */
  place(node: Node): { at: number; step: number; stride: number };
  /** The first word behind. */
  readonly end: number;
}

/** The states between two windows: for each state and each lag, from 1, [batch × width]. */
export const carrySize = (states: readonly State[], batch: number): number =>
  states.reduce((sum, { node, lags }) => sum + lags * batch * node.width, 0);

export function plan(graph: Graph, options: PlanOptions): Plan {
  const { rows, firstRow, batch, steps, layout, start, carry, gradients, carriedGradients, outputs } =
    options;
  const stages = schedule(graph);
  const storage = store(graph, stages, rows, steps);
  let end = start;
  const reserve = (words: number) => {
    const at = end;
    end = aligned(end + words);
    return at;
  };
  const tokens = reserve(rows * steps);
  const targets = reserve(rows * steps);
  const scale = reserve(1);
  const seed = reserve(1);
  const order = stages.flatMap((stage) => (stage.kind === 'all' ? [stage.node] : stage.nodes));
  const constants = new Map<Node, number>();
  for (const node of order) if (node.operation.kind === 'constant') constants.set(node, reserve(node.width));
  const widest = Math.max(
    1,
    ...graph.nodes().map(({ width }) => width),
    ...order.flatMap(({ inputs }) => inputs.map(({ node }) => node.width)),
  );
  const scratch = reserve(outerScratch(widest));
  const blocks = reserve(storage.size);

  const slot = ({ block, column }: { block: Block; column: number }, lag: number) => ({
    at: blocks + block.at + column + (block.lasting ? (block.before - lag) * block.rows * block.width : 0),
    step: block.lasting && block.rows > 1 ? block.rows * block.width : block.lasting ? block.width : 0,
    stride: block.width,
  });
  const placeOf = ({ node, lag }: Read): { at: number; step: number; stride: number } => {
    const { operation } = node;
    if (operation.kind === 'parameter') return { at: layout.stack(operation.names).at, step: 0, stride: 0 };
    if (operation.kind === 'constant') return { at: constants.get(node)!, step: 0, stride: 0 };
    const place = slot(storage.home(node), lag);
    return node.per === 'once' ? { at: place.at, step: 0, stride: 0 } : place;
  };

  const emitter = new Emitter({
    ...options,
    tokens,
    targets,
    scale,
    seed,
    scratch,
    placeOf,
    storage,
    graph,
    counted: counted(graph, stages),
  });
  const prologue = new Map<Block, Instruction[]>();
  for (const block of storage.blocks)
    if (block.after > 0)
      prologue.set(block, [
        {
          kernel: 'fill',
          arguments: [
            blocks + block.at + (block.before + steps) * block.rows * block.width,
            block.width,
            0,
            block.after * block.rows,
            block.width,
          ],
        },
      ]);
  const save: Instruction[] = [];
  let carried = carry;
  for (const { node, lags } of graph.states) {
    const home = storage.home(node);
    for (let lag = 1; lag <= lags; lag++) {
      const outside = carried + firstRow * node.width;
      carried += batch * node.width;
      const { at, step, stride } = slot(home, lag);
      const load: Instruction = {
        kernel: 'copy',
        arguments: [at, stride, outside, node.width, rows, node.width],
      };
      const list = prologue.get(home.block);
      if (list) list.push(load);
      else prologue.set(home.block, [load]);
      save.push({
        kernel: 'copy',
        arguments: [outside, node.width, { at, step }, stride, rows, node.width],
      });
    }
  }

  const sections: Section[] = [];
  let firstHalf: number | null = null;
  const once = (instructions: readonly Instruction[]) => {
    const last = sections.at(-1);
    if (last?.kind === 'once' && sections.length !== firstHalf)
      sections[sections.length - 1] = { kind: 'once', instructions: [...last.instructions, ...instructions] };
    else sections.push({ kind: 'once', instructions });
  };
  if (graph.nodes().some(({ operation }) => operation.kind !== 'parameter' && placeless.has(operation.kind)))
    once([{ kernel: 'fill', arguments: [gradients, layout.trained, 0, 1, layout.trained] }]);
  if (carriedGradients !== undefined) {
    const size = carrySize(graph.states, rows);
    once([{ kernel: 'fill', arguments: [carriedGradients, size, 0, 1, size] }]);
  }
  const early = outputs && ancestors([...graph.states.map(({ node }) => node), ...outputs]);
  for (const stage of stages) {
    const nodes = stage.kind === 'all' ? [stage.node] : stage.nodes;
    // The scheduler begins with the states, then the first roots: what they need comes before all else.
    if (early && !nodes.every((node) => early.has(node))) firstHalf ??= sections.length;
    for (const node of nodes)
      for (const each of [node, ...node.inputs.map((read) => read.node)]) {
        if (placeless.has(each.operation.kind)) continue;
        const { block } = storage.home(each);
        const pending = prologue.get(block);
        if (!pending) continue;
        once(pending);
        prologue.delete(block);
      }
    if (stage.kind === 'all') once(emitter.instructions(stage.node, stage));
    else
      sections.push({
        kind: 'loop',
        reverse: stage.reverse,
        instructions: stage.nodes.flatMap((node) => emitter.instructions(node, stage)),
      });
  }
  return {
    rows,
    program: { sections, save },
    firstHalf: firstHalf ?? sections.length,
    setup: [...constants].map(([node, at]) => ({
      kernel: 'fill',
      arguments: [at, node.width, (node.operation as { value: number }).value, 1, node.width],
    })),
    tokens,
    targets,
    scale,
    seed,
    place: (node) => slot(storage.home(node), 0),
    end,
  };
}

interface EmitterContext extends PlanOptions {
  readonly tokens: number;
  readonly targets: number;
  readonly scale: number;
  readonly seed: number;
  readonly scratch: number;
  readonly graph: Graph;
  readonly storage: Storage;
  readonly counted: Counted;
  placeOf(read: Read): { at: number; step: number; stride: number };
}

/** Operation → calls of kernels. */
class Emitter {
  readonly #context: EmitterContext;

  constructor(context: EmitterContext) {
    this.#context = context;
  }

  instructions(node: Node, stage: Stage): Instruction[] {
    const instructions = this.#calls(node, stage);
    const { rows, counted, placeOf } = this.#context;
    if (!counted.zeroElsewhere.has(node)) return instructions;
    const { at, stride } = placeOf(now(node));
    const zero: Instruction = {
      kernel: 'fill',
      arguments: [at, stride, 0, { perUncounted: rows }, node.width],
    };
    return [...instructions, zero];
  }

  #calls(node: Node, stage: Stage): Instruction[] {
    const {
      rows: streams,
      firstRow,
      layout,
      gradients,
      tokens,
      targets,
      scale,
      seed,
      scratch,
      placeOf,
      counted,
    } = this.#context;
    const { operation, inputs, width } = node;
    const inLoop = stage.kind === 'loop';
    const moves = inLoop || counted.nodes.has(node);
    const moving = (at: number, step: number): Argument => (moves && step !== 0 ? { at, step } : at);
    const read = (each: Read): [Argument, number] => {
      const { at, step, stride } = placeOf(each);
      return [moving(at, step), stride];
    };
    /** For operands that may be missing. */
    const readOnto = (each: Read | undefined): [Argument, number] => (each ? read(each) : [-1, 0]);
    const rowsOf = (per: Node['per']): Argument => {
      if (per === 'once') return 1;
      if (inLoop) return streams;
      return moves ? { perCounted: streams } : { perStep: streams };
    };
    const rows = rowsOf(node.per);
    const own = (): [Argument, number] => {
      const { at, step, stride } = placeOf(now(node));
      return [moving(at, step), stride === 0 ? width : stride];
    };
    const gradientOf = (names: readonly string[]) => layout.stack(names).at - layout.start + gradients;
    const call = (kernel: TapeKernel, ...list: (Argument | [Argument, number])[]): Instruction => ({
      kernel,
      arguments: list.flat() as Argument[],
    });

    switch (operation.kind) {
      case 'parameter':
      case 'constant':
      case 'given':
      case 'slice':
        return [];
      case 'sum':
        throw new Error('A sum is to be a chain of additions by now.');
      case 'oneHot':
        return [call('oneHot', own(), moving(tokens, streams), rows, width)];
      case 'gather':
        return [
          call(
            'gather',
            own(),
            layout.stack(operation.matrices).at,
            moving(tokens, streams),
            readOnto(inputs[0]),
            rows,
            width,
          ),
        ];
      case 'product': {
        const packed = layout.packed(operation.matrices, operation.transposed);
        const k = inputs[0].node.width;
        return [call('product', own(), read(inputs[0]), packed, readOnto(inputs[1]), rows, k, width)];
      }
      case 'join':
        return this.#join(node, own(), rows, read);
      case 'spread':
        return [call('spread', own(), read(inputs[0]), rows, width)];
      case 'rowSum':
        return [call('rowSum', own(), read(inputs[0]), rows, inputs[0].node.width)];
      case 'columnSum': {
        const [at] = own();
        const from = rowsOf(inputs[0].node.per);
        return [call('fill', at, width, 0, 1, width), call('columnSum', at, read(inputs[0]), from, width)];
      }
      case 'dropout': {
        const { rate, first, perStep } = operation;
        const number = first + firstRow * width;
        return [
          call(
            'dropout',
            own(),
            read(inputs[0]),
            seed,
            rate,
            moving(number, perStep),
            perStep,
            streams,
            rows,
            width,
          ),
        ];
      }
      case 'crossEntropy':
        return [
          call(
            'crossEntropy',
            own()[0],
            read(inputs[0]),
            moving(targets, streams),
            rows,
            inputs[0].node.width,
          ),
        ];
      case 'crossEntropyGradient':
        return [
          call('crossEntropyGradient', own(), read(inputs[0]), moving(targets, streams), scale, rows, width),
        ];
      case 'outer': {
        const { rows: m, columns: n, byColumns } = layout.stack(operation.matrices);
        const to = gradientOf(operation.matrices);
        const [dy, x] = inputs.map(read);
        const k = rowsOf(inputs[0].node.per);
        return [
          byColumns
            ? call('outer', to, m, x, dy, scratch, n, k, m)
            : call('outer', to, n, dy, x, scratch, m, k, n),
        ];
      }
      case 'scatter': {
        const dy = inputs[0];
        return [
          call(
            'scatterAdd',
            gradientOf(operation.matrices),
            read(dy),
            moving(tokens, streams),
            rowsOf('step'),
            dy.node.width,
          ),
        ];
      }
      case 'collect': {
        const [from] = inputs;
        return [
          call('columnSum', gradientOf(operation.names), read(from), rowsOf(from.node.per), from.node.width),
        ];
      }
      case 'collectInitial': {
        const { name, units, steps } = operation;
        const count = streams * Math.min(steps, this.#context.steps);
        return [{ ...call('columnSum', gradientOf([name]), read(inputs[0]), count, units), fresh: true }];
      }
      case 'collectCarried':
        return this.#collectCarried(operation, inputs[0]);
      default:
        // Everything else is a kernel of the same name that reads blocks of one shape.
        return [call(operation.kind, own(), ...inputs.map(read), rows, width)];
    }
  }

  /** The first `lag` steps read what was before the window: step t the state of lag - t steps before it. */
  #collectCarried({ state, lag }: Extract<Operation, { kind: 'collectCarried' }>, from: Read): Instruction[] {
    const { graph, rows, steps, carriedGradients, placeOf } = this.#context;
    const index = graph.states.findIndex(({ key }) => key === state);
    const first = carriedGradients! + carrySize(graph.states.slice(0, index), rows);
    const { width } = graph.states[index].node;
    const { at, step, stride } = placeOf(from);
    return Array.from({ length: Math.min(lag, steps) }, (_, t) => {
      const to = first + (lag - t - 1) * rows * width;
      return { kernel: 'add', arguments: [to, width, to, width, at + t * step, stride, rows, width] };
    });
  }

  #join(
    node: Node,
    [out, stride]: [Argument, number],
    rows: Argument,
    read: (each: Read) => [Argument, number],
  ): Instruction[] {
    const { columns } = node.operation as { columns: readonly number[] };
    const shifted = (by: number): Argument =>
      typeof out === 'object' && 'at' in out ? { at: out.at + by, step: out.step } : (out as number) + by;
    const list: Instruction[] = [];
    let done = 0;
    const zero = (to: number) => {
      if (to > done) list.push({ kernel: 'fill', arguments: [shifted(done), stride, 0, rows, to - done] });
    };
    for (const [index, part] of node.inputs.entries()) {
      zero(columns[index]);
      if (this.#context.storage.copied(node, index))
        list.push({
          kernel: 'copy',
          arguments: [shifted(columns[index]), stride, ...read(part), rows, part.node.width],
        });
      done = columns[index] + part.node.width;
    }
    zero(node.width);
    return list;
  }
}
