// What has happened in this window: problems and times. The log, which is the user's own, gets the words; what is kept
// here, for a report, is without a word of theirs.

export type ProblemKind = 'suggestion' | 'training' | 'model' | 'inspection' | 'generation';

/** How many times, and problems, are remembered. */
const remembered = 200;

export class Diary {
  readonly #log: { error(message: string): void };
  readonly #suggestions: number[] = [];
  readonly #problems: { readonly kind: ProblemKind; readonly when: Date }[] = [];
  /** Milliseconds that it took; null before it is over. */
  activation: number | null = null;

  constructor(log: { error(message: string): void }) {
    this.#log = log;
  }

  /** Milliseconds from a question to its answer. */
  suggested(milliseconds: number): void {
    this.#suggestions.push(milliseconds);
    if (this.#suggestions.length > remembered) this.#suggestions.shift();
  }

  /** @param message for the log alone */
  problem(kind: ProblemKind, message: string): void {
    this.#log.error(message);
    this.#problems.push({ kind, when: new Date() });
    if (this.#problems.length > remembered) this.#problems.shift();
  }

  get suggestions(): readonly number[] {
    return this.#suggestions;
  }

  get problems(): readonly { readonly kind: ProblemKind; readonly when: Date }[] {
    return this.#problems;
  }
}
