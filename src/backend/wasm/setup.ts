// What the threads of a team share: plain data, which crosses to a worker as it is.
import type { Optimizer } from '../../language/options.ts';
import type { Instruction, Program } from '../../tape/program.ts';
import type { Tile } from './tile.ts';

/** Everything that a thread has to know: plain data, a module and a memory. */
export interface TeamSetup {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly tile: Tile;
  readonly parts: readonly Part[];
  readonly steps: number;
  readonly optimizer: Optimizer;
  /** First words: parameters, gradients of the first part, moments of the optimiser. */
  readonly parameters: number;
  readonly moments: readonly number[];
  /** How many parameters are trained. */
  readonly trained: number;
  /** Make the packed copies of the matrices. */
  readonly packs: readonly Instruction[];
  /** First word of the control block: see `Control`. */
  readonly control: number;
}

export interface Part {
  readonly program: Program;
  /** First word of its gradients. */
  readonly gradients: number;
  /** Its losses, one a row of each step. */
  readonly losses: number;
  readonly rows: number;
  /** The same rows without learning; its losses are one a row of each step too. */
  readonly reading: { readonly program: Program; readonly losses: number };
}

/** How the host starts a thread; null where it cannot. The thread calls `work` with what it is sent. */
export type Spawn = (setup: TeamSetup, part: number) => Thread;

export interface Thread {
  /** At once, wherever it waits. */
  stop(): void;
}
