// The data that the threads of a team share. It can be sent to a worker.
import type { GradientOptimizer } from '../../language/options/options.ts';
import type { Instruction, Program } from '../../tape/planning/program.ts';
import type { Tile } from './tile.ts';

/** Everything that a thread needs: plain data, a module and a memory. */
export interface TeamSetup {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly tile: Tile;
  readonly parts: readonly Part[];
  readonly optimizer: GradientOptimizer;
  /** The first words of the parameters and of the optimiser's moments. */
  readonly parameters: number;
  readonly moments: readonly number[];
  /** The number of trained parameters. */
  readonly trained: number;
  /** The instructions that make stochastic matrices of their free numbers. */
  readonly probabilities: readonly Instruction[];
  /** The instructions that make the packed copies of the matrices. */
  readonly packs: readonly Instruction[];
  /** The first word of the control block of `Control`. */
  readonly control: number;
}

/** A part of a batch, which one thread computes. */
export interface Part {
  readonly program: Program;
  /** The first word of the part's gradients. */
  readonly gradients: number;
  /** The first word of the part's losses, one for each row of each step. */
  readonly losses: number;
  readonly rows: number;
  /**
   * The program that reads the same rows without learning, and the first word of its losses, laid out alike.
   */
  readonly reading: { readonly program: Program; readonly losses: number };
}

/** Starts a thread on the host; null where it cannot. The thread calls `work` with what it is sent. */
export type Spawn = (setup: TeamSetup, part: number) => Thread;

/** A thread of a team, as its starter holds it. */
export interface Thread {
  /** Stops the thread at once, even while it waits. */
  stop(): void;
}
