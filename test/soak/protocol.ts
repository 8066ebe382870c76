// The messages from the process of a target to the process that started it.
import type { Failure } from './failure.ts';

export type SoakMessage =
  /** A batch of inputs begins; its seed identifies the batch if the process hangs in it. */
  | { readonly type: 'batch'; readonly seed: number | null }
  | { readonly type: 'failure'; readonly failure: Failure; readonly file: string }
  | {
      readonly type: 'progress';
      readonly cases: number;
      readonly figures: Readonly<Record<string, number>>;
    }
  | { readonly type: 'done'; readonly complete: boolean };

/** The task of a target's process. */
export interface SoakTask {
  readonly name: string;
  readonly seed: number;
  /**
   * The limit in seconds; the process ends when this or the number of cases is used up, and null is no limit.
   */
  readonly seconds: number | null;
  readonly cases: number | null;
  /** The one input to try, in place of the target's own. */
  readonly input?: unknown;
}
