// A tape is a list of kernel calls on fixed locations in memory. It is plain data that can be sent to a thread.
import type { Axis } from '../graph.ts';
import type { Kernels, TapeKernel } from './kernels.ts';

/**
 * An argument of a kernel, which may depend on the step of a loop, or on the numbers of steps and positions of a run.
 */
export type Argument =
  | number
  /** The value is `at + t·step` at step or position t of a loop; outside of loops t is the first counted step. */
  | { readonly at: number; readonly step: number }
  /**
   * The value is multiplied by the number of all steps, of the counted ones, or of those before them. `base` is
   * added to the product.
   */
  | { readonly perStep: number; readonly base?: number }
  /** The same with the number of positions. */
  | { readonly perPosition: number; readonly base?: number }
  | { readonly perCounted: number }
  | { readonly perUncounted: number };

/** A call of a kernel. */
export interface Instruction {
  readonly kernel: TapeKernel;
  readonly arguments: readonly Argument[];
}

/** Instructions that run once for all steps together, or at each step or position of a loop in turn. */
export type Section =
  | { readonly kind: 'once'; readonly instructions: readonly Instruction[] }
  | {
      readonly kind: 'loop';
      readonly axis: Axis;
      readonly reverse: boolean;
      readonly instructions: readonly Instruction[];
    };

/** The instructions of a tape. */
export interface Program {
  readonly sections: readonly Section[];
  /** Writes the state after step t (the loop variable) to where the next window finds it. */
  readonly save: readonly Instruction[];
}

type Call = (t: number) => void;

/** The numbers of steps, of steps before the first counted one, and of positions of a run. */
interface Extent {
  readonly steps: number;
  readonly countFrom: number;
  readonly positions: number;
}

/** The number of extents whose resolved arguments are kept. */
const mostBound = 64;

/** Runs a program whose arguments are resolved beforehand, so that nothing is allocated when it runs. */
export class Runner {
  readonly #program: Program;
  readonly #kernels: Kernels;
  /** The keys are the number of steps, then the first counted step, and then the number of positions. */
  readonly #bound = new Map<number, Map<number, Map<number, readonly BoundSection[]>>>();
  #boundCount = 0;
  readonly #save: readonly Call[];

  constructor(program: Program, kernels: Kernels) {
    this.#program = program;
    this.#kernels = kernels;
    this.#save = program.save.map((instruction) => bind(instruction, kernels));
  }

  /**
   * @param countFrom the first counted step: targets before it are not read, and their losses are not written
   */
  run(steps: number, countFrom = 0, positions = 0): void {
    for (const { kind, count, reverse, calls } of this.#sections(steps, countFrom, positions)) {
      if (kind === 'once') {
        for (let i = 0; i < calls.length; i++) calls[i](countFrom);
      } else if (reverse) {
        for (let t = count - 1; t >= 0; t--) for (let i = 0; i < calls.length; i++) calls[i](t);
      } else for (let t = 0; t < count; t++) for (let i = 0; i < calls.length; i++) calls[i](t);
    }
  }

  #sections(steps: number, countFrom: number, positions: number): readonly BoundSection[] {
    let sections = this.#bound.get(steps)?.get(countFrom)?.get(positions);
    if (!sections) {
      if (this.#boundCount++ % mostBound === 0) this.#bound.clear();
      const extent = { steps, countFrom, positions };
      sections = this.#program.sections.map((section) => ({
        kind: section.kind,
        count: section.kind === 'loop' && section.axis === 'position' ? positions : steps,
        reverse: section.kind === 'loop' && section.reverse,
        calls: section.instructions.map((instruction) => bind(instruction, this.#kernels, extent)),
      }));
      const ofSteps = this.#bound.get(steps) ?? new Map<number, Map<number, readonly BoundSection[]>>();
      this.#bound.set(steps, ofSteps);
      const ofCounted = ofSteps.get(countFrom) ?? new Map<number, readonly BoundSection[]>();
      ofSteps.set(countFrom, ofCounted);
      ofCounted.set(positions, sections);
    }
    return sections;
  }

  /** Carries the state after `steps` steps to the beginning of the next window. */
  save(steps: number): void {
    for (const call of this.#save) call(steps);
  }
}

interface BoundSection {
  readonly kind: 'once' | 'loop';
  /** The number of steps or positions of a loop. */
  readonly count: number;
  readonly reverse: boolean;
  readonly calls: readonly Call[];
}

/** Turns an instruction into a function of t, with its arguments in one array of starts and one of steps. */
export function bind(
  { kernel, arguments: list }: Instruction,
  kernels: Kernels,
  { steps, countFrom, positions }: Extent = { steps: 1, countFrom: 0, positions: 0 },
): Call {
  const at = list.map((each) => {
    if (typeof each === 'number') return each;
    if ('at' in each) return each.at;
    if ('perStep' in each) return (each.base ?? 0) + each.perStep * steps;
    if ('perPosition' in each) return (each.base ?? 0) + each.perPosition * positions;
    return 'perCounted' in each ? each.perCounted * (steps - countFrom) : each.perUncounted * countFrom;
  });
  const step = list.map((each) => (typeof each === 'object' && 'step' in each ? each.step : 0));
  const call = kernels[kernel] as (...values: number[]) => void;
  if (step.every((each) => each === 0)) return () => call(...at);
  const [a, b, c, d, e, f, g, h, i, j, k] = at;
  const [da, db, dc, dd, de, df, dg, dh, di, dj, dk] = step;
  // The cases are spelled out by number of arguments, because spreading would allocate an array at each call.
  switch (at.length) {
    case 5:
      return (t) => call(a + t * da, b + t * db, c + t * dc, d + t * dd, e + t * de);
    case 6:
      return (t) => call(a + t * da, b + t * db, c + t * dc, d + t * dd, e + t * de, f + t * df);
    case 7:
      return (t) => call(a + t * da, b + t * db, c + t * dc, d + t * dd, e + t * de, f + t * df, g + t * dg);
    case 8:
      return (t) =>
        call(a + t * da, b + t * db, c + t * dc, d + t * dd, e + t * de, f + t * df, g + t * dg, h + t * dh);
    case 9:
      return (t) =>
        call(
          a + t * da,
          b + t * db,
          c + t * dc,
          d + t * dd,
          e + t * de,
          f + t * df,
          g + t * dg,
          h + t * dh,
          i + t * di,
        );
    case 10:
      return (t) =>
        call(
          a + t * da,
          b + t * db,
          c + t * dc,
          d + t * dd,
          e + t * de,
          f + t * df,
          g + t * dg,
          h + t * dh,
          i + t * di,
          j + t * dj,
        );
    case 11:
      return (t) =>
        call(
          a + t * da,
          b + t * db,
          c + t * dc,
          d + t * dd,
          e + t * de,
          f + t * df,
          g + t * dg,
          h + t * dh,
          i + t * di,
          j + t * dj,
          k + t * dk,
        );
    default:
      throw new Error(`No call with ${at.length} arguments.`);
  }
}
