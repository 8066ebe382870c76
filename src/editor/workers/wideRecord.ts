// Remembers about wide vectors on this machine whether V8 computes the same with them, and faster.
import type { Memento } from 'vscode';

/**
 * `begun` is a start that has not come back yet: if that is found, it never did. `refused` says why they are
 * not used.
 */
export type WideOutcome =
  | { readonly kind: 'begun' | 'proven' }
  | { readonly kind: 'refused'; readonly reason: string };

interface Remembered {
  readonly machine: string;
  readonly outcome: WideOutcome;
}

const key = 'wideVectors';

/** Remembers one outcome, for one machine; on others it is unknown. */
export class WideRecord {
  readonly #memory: Pick<Memento, 'get' | 'update'>;
  readonly #machine: string;

  /** @param machine names everything on which the outcome depends: V8, the processor, this extension's version */
  constructor(memory: Pick<Memento, 'get' | 'update'>, machine: string) {
    this.#memory = memory;
    this.#machine = machine;
  }

  get outcome(): WideOutcome | null {
    const found = this.#memory.get<Remembered>(key);
    return found?.machine === this.#machine ? found.outcome : null;
  }

  set outcome(outcome: WideOutcome | null) {
    const remembered: Remembered | undefined = outcome ? { machine: this.#machine, outcome } : undefined;
    void this.#memory.update(key, remembered);
  }

  /** Why wide vectors are not to be used; null where nothing speaks against them. */
  get objection(): string | null {
    switch (this.outcome?.kind) {
      case 'refused':
        return (this.outcome as { reason: string }).reason;
      case 'begun':
        return 'an earlier start with wide vectors did not come back';
      default:
        return null;
    }
  }
}
