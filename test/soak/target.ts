import type * as fc from 'fast-check';

/** One way of trying to break the product. `Input` is JSON data, since a failing input is kept as a file. */
export interface Target<Input = unknown> {
  readonly name: string;
  /** The property that must hold, in one sentence, which is printed beside the figures. */
  readonly claim: string;
  /** The share of the time that the target gets, relative to the other targets; 1 is usual. */
  readonly weight: number;
  /** The random inputs: fast-check generates them from a seed and shrinks one that fails. */
  readonly inputs?: fc.Arbitrary<Input>;
  /** Lists every input, in place of `inputs`, where there is a finite number. */
  readonly all?: () => Iterable<Input> | AsyncIterable<Input>;
  /** Starts what the checks need: compiles kernels, makes temporary folders. */
  open(): Promise<Session<Input>>;
}

export interface Session<Input> {
  /**
   * Tries one input.
   * @throws Error with a sentence where the product does wrong
   */
  check(input: Input): void | Promise<void>;
  /** Returns the counts and measurements so far, by name with its unit, such as `longest, ms`. */
  figures(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** Hides the type of a target's inputs, so that targets of different inputs stand in one list. */
export function target<Input>(definition: Target<Input>): Target {
  return definition as unknown as Target;
}
