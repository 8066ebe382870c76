// Tries inputs on one target until its time or its number of cases is used up.
import * as fc from 'fast-check';
import type { Failure } from './failure.ts';
import type { SoakTask } from './protocol.ts';
import type { Session, Target } from './target.ts';

export interface TryObserver {
  /** Is called when a batch of inputs begins; its seed reproduces the batch from its first input. */
  batch(seed: number | null): void;
  failed(failure: Failure): void;
  /** Is called after every input. */
  tried(cases: number): void;
}

/** The number of kinds of failure after which a target is not tried further. */
const mostFailures = 10;

/** The length of a batch in milliseconds, short enough that its seed leads to a failure soon. */
const batchMilliseconds = 5000;
const shrinkMilliseconds = 60_000;

export class Tries {
  readonly #target: Target;
  readonly #session: Session<unknown>;
  readonly #task: SoakTask;
  readonly #observer: TryObserver;
  readonly #began = performance.now();
  /** The kinds of failure so far. */
  readonly #kinds = new Set<string>();
  #cases = 0;
  /** The check under way, which fast-check stops waiting for when a batch's time is over. */
  #check: Promise<string | null> = Promise.resolve(null);

  constructor(target: Target, session: Session<unknown>, task: SoakTask, observer: TryObserver) {
    this.#target = target;
    this.#session = session;
    this.#task = task;
    this.#observer = observer;
  }

  /**
   * Tries inputs until a limit is reached.
   * @returns whether every input of a finite list has been tried
   */
  async run(): Promise<boolean> {
    const { all, inputs } = this.#target;
    if (all) return await this.#tryAll(all());
    await this.#tryRandom(inputs!);
    return false;
  }

  get #millisecondsLeft(): number {
    const { seconds } = this.#task;
    return seconds === null ? Infinity : 1000 * seconds - (performance.now() - this.#began);
  }

  get #casesLeft(): number {
    return this.#task.cases === null ? Infinity : this.#task.cases - this.#cases;
  }

  get #isOver(): boolean {
    return this.#millisecondsLeft <= 0 || this.#casesLeft <= 0 || this.#kinds.size >= mostFailures;
  }

  async #tryAll(all: Iterable<unknown> | AsyncIterable<unknown>): Promise<boolean> {
    this.#observer.batch(null);
    for await (const input of all) {
      if (this.#isOver) return false;
      const message = await this.#failureOf(input);
      if (message === null || this.#kinds.has(kindOf(message))) continue;
      this.#kinds.add(kindOf(message));
      this.#observer.failed({ input, message, seed: null });
    }
    return true;
  }

  async #tryRandom(inputs: fc.Arbitrary<unknown>): Promise<void> {
    for (let batch = 0; !this.#isOver; batch++) {
      const seed = (this.#task.seed + batch * 0x9e3779b1) | 0;
      this.#observer.batch(seed);
      await this.#tryBatch(inputs, seed);
    }
  }

  /** Tries a batch, which ends early at the first failure of a new kind, which is shrunk and reported. */
  async #tryBatch(inputs: fc.Arbitrary<unknown>, seed: number): Promise<void> {
    let found: string | null = null;
    const property = fc.asyncProperty(inputs, async (input) => {
      const message = await this.#failureOf(input);
      if (message === null) return;
      const kind = kindOf(message);
      // While an input shrinks, only failures of its own kind count.
      if (found === null ? this.#kinds.has(kind) : kind !== found) return;
      found = kind;
      throw new Error(message);
    });
    const first = await fc.check(property, {
      seed,
      markInterruptAsFailure: false,
      numRuns: Math.min(this.#casesLeft, 100_000),
      interruptAfterTimeLimit: Math.min(batchMilliseconds, this.#millisecondsLeft),
      endOnFailure: true,
    });
    if (!first.failed || found === null) return;
    const smallest = await fc.check(property, {
      seed,
      path: first.counterexamplePath!,
      interruptAfterTimeLimit: shrinkMilliseconds,
      markInterruptAsFailure: false,
    });
    this.#kinds.add(found);
    const [input] = (smallest.counterexample ?? first.counterexample)!;
    const message = (await this.#failureOf(input)) ?? `Failed once, but not again: ${found}`;
    this.#observer.failed({ input, message, seed });
  }

  /**
   * Checks an input, as soon as the check before has ended.
   * @returns the error's message where `input` fails, else null
   */
  #failureOf(input: unknown): Promise<string | null> {
    this.#check = this.#check.then(() => this.#tryOne(input));
    return this.#check;
  }

  async #tryOne(input: unknown): Promise<string | null> {
    try {
      await this.#session.check(input);
      return null;
    } catch (error) {
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    } finally {
      this.#observer.tried(++this.#cases);
    }
  }
}

/** Returns the kind of a failure: messages that differ only in numbers and quotations are of one kind. */
function kindOf(message: string): string {
  return message
    .split('\n')[0]
    .replace(/(["'`]).*?\1/g, '…')
    .replace(/[\d.]+(e[+-]?\d+)?/g, '0');
}
