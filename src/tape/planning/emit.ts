// Emits the kernel calls of each operation, on the locations that the plan has assigned.

import { type Axis, axisOf, type Graph, type Node, now, type Operation, type Read } from '../graph.ts';
import { carrySize } from './carry.ts';
import type { Counted } from './counted.ts';
import type { TapeKernel } from './kernels.ts';
import type { Layout } from './layout.ts';
import type { LookupTableLocations } from './lookupTables.ts';
import type { Argument, Instruction } from './program.ts';
import type { Stage } from './schedule.ts';
import type { Storage } from './storage.ts';

/** Says where values are in memory; a number without a comment is the index of a first word. */
export interface Locations {
  /** The number of this tape's streams, and the first of them. */
  readonly rows: number;
  readonly firstRow: number;
  /** The largest numbers of steps and of positions that the tape can run. */
  readonly steps: number;
  readonly positions: number;
  readonly layout: Layout;
  readonly gradients: number;
  readonly carriedGradients: number | undefined;
  /** The first words of the tokens of a step, by their index. */
  readonly tokens: readonly number[];
  readonly targets: number;
  readonly scale: number;
  readonly seed: number;
  readonly dropoutRate: number;
  readonly fresh: number;
  /** The first words of the tokens of a position, by their index, and of each stream's last position. */
  readonly source: readonly number[];
  readonly lasts: number;
  /** The numbers that are read and predicted, whose rows tokens and targets are the indices of. */
  readonly tables: LookupTableLocations;
  readonly scratch: number;
  readonly graph: Graph;
  readonly storage: Storage;
  readonly counted: Counted;
  locate(read: Read): Slot;
}

/** The location of a value: at step or position t of its axis it is at `at + t·step`. */
export interface Slot {
  readonly at: number;
  readonly step: number;
  readonly stride: number;
  readonly axis: Axis | null;
}

/** The operations that add to their own location, step by step. */
const accumulating: ReadonlySet<string> = new Set(['axisSum', 'columnSum', 'positionOuterSum']);

/** Translates operations into kernel calls. */
export class Emitter {
  readonly #locations: Locations;

  constructor(locations: Locations) {
    this.#locations = locations;
  }

  /** Returns what is done once before the stage in which a node is computed. */
  before(node: Node): Instruction[] {
    const { operation, width, inputs } = node;
    if (operation.kind === 'begin') return this.#begin(node, inputs[1]);
    if (!accumulating.has(operation.kind)) return [];
    const { rows: streams } = this.#locations;
    const rows = node.per === 'once' ? 1 : node.per === 'row' ? streams : { perPosition: streams };
    const { at, stride } = this.#locations.locate(now(node));
    return [{ kernel: 'fill', arguments: [at, stride === 0 ? width : stride, 0, rows, width] }];
  }

  /** Writes what a state begins with before the first step, in the streams that begin there. */
  #begin(node: Node, start: Read): Instruction[] {
    const { graph, rows, locate, fresh } = this.#locations;
    const state = graph.states.find((each) => each.node === node)!;
    const from = locate(start);
    return Array.from({ length: state.lags }, (_, index): Instruction => {
      const { at, stride } = locate({ node, lag: index + 1 });
      // `fresh` serves as tokens: 0 for streams that begin at h[0], which is row 0 of a table of one row.
      return start.node.per === 'once'
        ? { kernel: 'gather', arguments: [at, stride, from.at, fresh, at, stride, rows, node.width] }
        : { kernel: 'copy', arguments: [at, stride, from.at, from.stride, rows, node.width] };
    });
  }

  /** Returns the calls that compute a node, and those that make it zero at the steps at which it is not computed. */
  instructions(node: Node, stage: Stage): Instruction[] {
    const instructions = this.#calls(node, stage);
    const { rows, counted, locate } = this.#locations;
    if (!counted.zeroElsewhere.has(node)) return instructions;
    const { at, stride } = locate(now(node));
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
      targets,
      scale,
      seed,
      dropoutRate,
      fresh,
      tables,
      scratch,
      locate,
      counted,
    } = this.#locations;
    const { operation, inputs, width } = node;
    const inLoop = stage.kind === 'loop';
    const moves = inLoop || counted.nodes.has(node);
    const along: Axis = inLoop ? stage.axis : 'step';
    const moving = (at: number, step: number, axis: Axis | null = along): Argument =>
      moves && step !== 0 && axis === along ? { at, step } : at;
    const read = (each: Read): [Argument, number] => {
      const { at, step, stride, axis } = locate(each);
      return [moving(at, step, axis), stride];
    };
    const tokens = axisOf(node) === 'position' ? this.#locations.source : this.#locations.tokens;
    const padding = this.#locations.source[0];
    const everyPosition: Argument = { perPosition: 1 };
    /** Returns the location of an operand that may be missing, which is -1 then. */
    const readOnto = (each: Read | undefined): [Argument, number] => (each ? read(each) : [-1, 0]);
    const rowsOf = (per: Node['per']): Argument => {
      if (per === 'once') return 1;
      if (per === 'pair' || (per === 'position' && along !== 'position')) return { perPosition: streams };
      if (inLoop || per === 'row') return streams;
      return moves ? { perCounted: streams } : { perStep: streams };
    };
    const rows = rowsOf(node.per);
    const own = (): [Argument, number] => {
      const { at, step, stride, axis } = locate(now(node));
      return [moving(at, step, axis), stride === 0 ? width : stride];
    };
    const gradientOf = (names: readonly string[]) =>
      layout.locations.get(names[0])!.at - layout.start + gradients;
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
      case 'paddingMask':
        return [call(operation.kind, own(), moving(tokens[0], streams), rows, width)];
      case 'numbers':
        return [call('gather', own(), tables.inputs, moving(tokens[0], streams), -1, 0, rows, width)];
      case 'gather':
        return [
          call(
            'gather',
            own(),
            layout.stacked(operation.matrices).at,
            moving(tokens[operation.token ?? 0], streams),
            readOnto(inputs[0]),
            rows,
            width,
          ),
        ];
      case 'matmul': {
        const packed = layout.packed(operation.matrices, operation.transposed);
        const k = inputs[0].node.width;
        return [call('matmul', own(), read(inputs[0]), packed, readOnto(inputs[1]), rows, k, width)];
      }
      case 'join':
        return this.#join(node, own(), rows, read);
      case 'broadcast':
        return [call('broadcast', own(), read(inputs[0]), rows, width)];
      case 'rowSum':
        return [call('rowSum', own(), read(inputs[0]), rows, inputs[0].node.width)];
      case 'columnSum': {
        const [at] = own();
        const from = rowsOf(inputs[0].node.per);
        return [call('columnSum', at, read(inputs[0]), from, width)];
      }
      case 'axisSum':
        return [call('add', own(), own(), read(inputs[0]), rows, width)];
      case 'repeat':
        return [call('repeat', own(), read(inputs[0]), readOnto(inputs[1]), everyPosition, streams, width)];
      case 'positionSoftmax':
      case 'positionSoftmaxGradient':
        return [call(operation.kind, own(), ...inputs.map(read), padding, everyPosition, streams, width)];
      case 'positionSum':
      case 'positionDot':
      case 'positionOuter':
      case 'positionOuterSum': {
        const of = operation.kind === 'positionDot' ? inputs[0].node.width : width;
        const list = [...inputs.map(read), padding, everyPosition, streams, of];
        const onto = operation.kind === 'positionOuterSum' ? 1 : 0;
        return operation.kind === 'positionSum' || operation.kind === 'positionDot'
          ? [call(operation.kind, own(), ...list)]
          : [call('positionOuter', own(), ...list, onto)];
      }
      case 'begin': {
        const [to, from] = [locate(now(node)), locate(inputs[0])];
        return to.at === from.at ? [] : [call('copy', own(), read(inputs[0]), rows, width)];
      }
      case 'beginGradient':
        return this.#beginGradient(node, operation.lag);
      case 'end': {
        const from = locate(inputs[0]);
        return operation.end === 'first'
          ? [call('copy', own(), from.at, from.stride, streams, width)]
          : [call('gatherRows', own(), from.at, from.stride, this.#locations.lasts, streams, width)];
      }
      case 'endGradient': {
        const { at, stride } = locate(now(node));
        const to = operation.end === 'first' ? 'copy' : 'scatterRows';
        const where = operation.end === 'first' ? [] : [this.#locations.lasts];
        return [
          call('fill', at, stride, 0, rows, width),
          call(to, at, stride, read(inputs[0]), ...where, streams, width),
        ];
      }
      case 'dropout': {
        const { first, perStep } = operation;
        const number = first + firstRow * width;
        return [
          call(
            'dropout',
            own(),
            read(inputs[0]),
            seed,
            dropoutRate,
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
      case 'gaussian': {
        const { width: both } = inputs[0].node;
        const of = moving(targets, streams);
        return [call('gaussian', own()[0], read(inputs[0]), of, tables.targets, rows, both / 2)];
      }
      case 'gaussianGradient': {
        const of = moving(targets, streams);
        return [call('gaussianGradient', own(), read(inputs[0]), of, tables.targets, scale, rows, width / 2)];
      }
      case 'targetWeight':
        return [call('targetWeight', own(), moving(targets, streams), scale, rows, width)];
      case 'weightGradient': {
        const { rows: m, columns: n, byColumns } = layout.stacked(operation.matrices);
        const to = gradientOf(operation.matrices);
        const [dy, x] = inputs.map(read);
        const k = rowsOf(inputs[0].node.per);
        return [
          byColumns
            ? call('weightGradient', to, m, x, dy, scratch, n, k, m)
            : call('weightGradient', to, n, dy, x, scratch, m, k, n),
        ];
      }
      case 'scatter': {
        const [dy] = inputs;
        const tokens = axisOf(dy.node) === 'position' ? this.#locations.source : this.#locations.tokens;
        return [
          call(
            'scatterAdd',
            gradientOf(operation.matrices),
            read(dy),
            moving(tokens[operation.token ?? 0], streams),
            rowsOf(dy.node.per),
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
        const { at, step, stride } = locate(inputs[0]);
        // `fresh` serves as tokens: 0 for streams that begin at h[0], which is row 0 of a table of one row.
        const most =
          axisOf(inputs[0].node) === 'position' ? this.#locations.positions : this.#locations.steps;
        return Array.from({ length: Math.min(steps, most) }, (_, t) =>
          call('scatterAdd', gradientOf([name]), at + t * step, stride, fresh, streams, units),
        );
      }
      case 'collectCarried':
        return this.#collectCarried(operation, inputs[0]);
      default:
        // Every other operation has a kernel of the same name that reads blocks of one shape.
        return [call(operation.kind, own(), ...inputs.map(read), rows, width)];
    }
  }

  /** The first `lag` steps read what is before the first one. */
  #beginGradient(node: Node, lag: number): Instruction[] {
    const { rows, fresh, locate } = this.#locations;
    const { width, per, inputs } = node;
    const most = axisOf(inputs[0].node) === 'position' ? this.#locations.positions : this.#locations.steps;
    const to = locate(now(node));
    const { at, step, stride } = locate(node.inputs[0]);
    const stridden = to.stride === 0 ? width : to.stride;
    const zero: Instruction = {
      kernel: 'fill',
      arguments: [to.at, stridden, 0, per === 'once' ? 1 : rows, width],
    };
    const parts = Array.from({ length: Math.min(lag, most) }, (_, t): Instruction => {
      const from = at + t * step;
      return per === 'once'
        ? { kernel: 'scatterAdd', arguments: [to.at, from, stride, fresh, rows, width] }
        : { kernel: 'add', arguments: [to.at, to.stride, to.at, to.stride, from, stride, rows, width] };
    });
    return [zero, ...parts];
  }

  /**
   * The first `lag` steps read states from before the window: step t reads the one lag - t steps before it.
   */
  #collectCarried({ state, lag }: Extract<Operation, { kind: 'collectCarried' }>, from: Read): Instruction[] {
    const { graph, rows, steps, carriedGradients, locate } = this.#locations;
    const index = graph.states.findIndex(({ key }) => key === state);
    const first = carriedGradients! + carrySize(graph.states.slice(0, index), rows);
    const { width } = graph.states[index].node;
    const { at, step, stride } = locate(from);
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
      if (this.#locations.storage.copied(node, index))
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
