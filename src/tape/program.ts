// A tape: calls of kernels on fixed places. Plain data, so that it can be sent to a thread.
import type { Kernels, TapeKernel } from './kernels.ts';

export type Argument =
  | number
  /** `at + t·step` at step t of a loop. */
  | { readonly at: number; readonly step: number }
  /** So many for each step. */
  | { readonly perStep: number };

export interface Instruction {
  readonly kernel: TapeKernel;
  readonly arguments: readonly Argument[];
  /** Only where the window begins at h[0]. */
  readonly fresh?: true;
}

export type Section =
  | { readonly kind: 'once'; readonly instructions: readonly Instruction[] }
  | { readonly kind: 'loop'; readonly reverse: boolean; readonly instructions: readonly Instruction[] };

export interface Program {
  readonly sections: readonly Section[];
  /** Writes the state after step t (the loop variable) to where the next window finds it. */
  readonly save: readonly Instruction[];
}

type Call = (t: number) => void;

/** A program with its arguments looked up: nothing is allocated when it runs. */
export class Runner {
  readonly #program: Program;
  readonly #kernels: Kernels;
  readonly #bySteps = new Map<number, readonly BoundSection[]>();
  readonly #save: readonly Call[];

  constructor(program: Program, kernels: Kernels) {
    this.#program = program;
    this.#kernels = kernels;
    this.#save = program.save.map((instruction) => bind(instruction, kernels, 1));
  }

  /** @param fresh whether the window begins at h[0] */
  run(steps: number, fresh: boolean): void {
    let sections = this.#bySteps.get(steps);
    if (!sections) {
      sections = this.#program.sections.map((section) => ({
        kind: section.kind,
        reverse: section.kind === 'loop' && section.reverse,
        calls: section.instructions.map((instruction) => bind(instruction, this.#kernels, steps)),
        fresh: section.instructions.map((instruction) => instruction.fresh === true),
      }));
      this.#bySteps.set(steps, sections);
    }
    for (const { kind, reverse, calls, fresh: onlyFresh } of sections) {
      if (kind === 'once') {
        for (let i = 0; i < calls.length; i++) if (fresh || !onlyFresh[i]) calls[i](0);
      } else if (reverse) {
        for (let t = steps - 1; t >= 0; t--) for (let i = 0; i < calls.length; i++) calls[i](t);
      } else for (let t = 0; t < steps; t++) for (let i = 0; i < calls.length; i++) calls[i](t);
    }
  }

  /** The state after `steps` steps becomes the one where the next window begins. */
  save(steps: number): void {
    for (const call of this.#save) call(steps);
  }
}

interface BoundSection {
  readonly kind: 'once' | 'loop';
  readonly reverse: boolean;
  readonly calls: readonly Call[];
  readonly fresh: readonly boolean[];
}

/** A call as a function of t, with its arguments in one array of starts and one of steps. */
export function bind({ kernel, arguments: list }: Instruction, kernels: Kernels, steps: number): Call {
  const at = list.map((each) =>
    typeof each === 'number' ? each : 'at' in each ? each.at : each.perStep * steps,
  );
  const step = list.map((each) => (typeof each === 'object' && 'step' in each ? each.step : 0));
  const call = kernels[kernel] as (...values: number[]) => void;
  if (step.every((each) => each === 0)) return () => call(...at);
  const [a, b, c, d, e, f, g, h, i, j, k] = at;
  const [da, db, dc, dd, de, df, dg, dh, di, dj, dk] = step;
  // Spelled out by number of arguments: an array to spread would be made at each call.
  switch (at.length) {
    case 5:
      return (t) => call(a + t * da, b + t * db, c + t * dc, d + t * dd, e + t * de);
    case 6:
      return (t) => call(a + t * da, b + t * db, c + t * dc, d + t * dd, e + t * de, f + t * df);
    case 8:
      return (t) =>
        call(a + t * da, b + t * db, c + t * dc, d + t * dd, e + t * de, f + t * df, g + t * dg, h + t * dh);
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
