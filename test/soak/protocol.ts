// What the process of a target tells the process that started it.
import type { Failure } from './failure.ts';

export type SoakMessage =
  /** A batch of inputs begins: its seed tells which, should the process not come back from it. */
  | { readonly type: 'batch'; readonly seed: number | null }
  | { readonly type: 'failure'; readonly failure: Failure; readonly file: string }
  | {
      readonly type: 'progress';
      readonly cases: number;
      readonly figures: Readonly<Record<string, number>>;
    }
  | { readonly type: 'done'; readonly complete: boolean };

/** What a target's process is to do. */
export interface SoakTask {
  readonly name: string;
  readonly seed: number;
  /** It ends when either is used up; null is no limit. */
  readonly seconds: number | null;
  readonly cases: number | null;
}
