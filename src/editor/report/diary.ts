// Records the problems and times of this window. Messages go to the log, which stays with the user; what is
// kept for a report contains no words of theirs.

export type ProblemKind = 'suggestion' | 'training' | 'model' | 'inspection' | 'generation';

/** The most times, and the most problems, that are kept. */
const remembered = 200;

export class Diary {
  readonly #log: { error(message: string): void };
  readonly #suggestions: number[] = [];
  readonly #problems: { readonly kind: ProblemKind; readonly when: Date }[] = [];
  /** The milliseconds that the activation took; null before it is over. */
  activation: number | null = null;

  constructor(log: { error(message: string): void }) {
    this.#log = log;
  }

  /** Records the milliseconds from a request to its answer. */
  suggested(milliseconds: number): void {
    this.#suggestions.push(milliseconds);
    if (this.#suggestions.length > remembered) this.#suggestions.shift();
  }

  /** @param message the text for the log, which the report leaves out */
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
