// Tokens that are written to disk once, and read from there by their positions.
import type { Tokens } from '../tokens/tokens.ts';

/** A file without a name, which is gone when it is closed. */
export interface Scratch {
  /** Writes bytes at the end. @throws Problem when they cannot be written */
  append(bytes: Uint8Array): void;
  /** Fills an array with the bytes from a position on. @throws Problem when they cannot be read */
  read(into: Uint8Array, position: number): void;
  close(): void;
}

type Numbers = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** The number of tokens that are written at a time. */
const writtenAtOnce = 2 ** 18;

/** Writes tokens, each in as few bytes as the largest takes. */
export class TokenWriter {
  readonly #scratch: Scratch;
  readonly #arrayOf: (length: number) => Numbers;
  readonly #waiting: Numbers;
  #waits = 0;
  #written = 0;

  /** @param size the number of different tokens */
  constructor(scratch: Scratch, size: number) {
    this.#scratch = scratch;
    this.#arrayOf = (length) =>
      size <= 0x100
        ? new Uint8Array(length)
        : size <= 0x10000
          ? new Uint16Array(length)
          : new Int32Array(length);
    this.#waiting = this.#arrayOf(writtenAtOnce);
  }

  append(tokens: Int32Array): void {
    for (let from = 0; from < tokens.length; ) {
      const part = tokens.subarray(from, from + writtenAtOnce - this.#waits);
      this.#waiting.set(part, this.#waits);
      this.#waits += part.length;
      from += part.length;
      if (this.#waits === writtenAtOnce) this.#write();
    }
  }

  /** Returns the tokens. @param reversed whether they are read from their end */
  finish(reversed: boolean): Tokens {
    this.#write();
    return new StoredTokens(this.#scratch, this.#arrayOf, this.#written, reversed);
  }

  #write(): void {
    this.#scratch.append(bytesOf(this.#waiting.subarray(0, this.#waits)));
    this.#written += this.#waits;
    this.#waits = 0;
  }
}

class StoredTokens implements Tokens {
  readonly length: number;
  readonly #scratch: Scratch;
  readonly #arrayOf: (length: number) => Numbers;
  readonly #reversed: boolean;

  constructor(scratch: Scratch, arrayOf: (length: number) => Numbers, length: number, reversed: boolean) {
    this.#scratch = scratch;
    this.#arrayOf = arrayOf;
    this.length = length;
    this.#reversed = reversed;
  }

  subarray(from: number, to = this.length): Int32Array {
    const numbers = this.#arrayOf(to - from);
    const first = this.#reversed ? this.length - to : from;
    this.#scratch.read(bytesOf(numbers), first * numbers.BYTES_PER_ELEMENT);
    const tokens = Int32Array.from(numbers);
    return this.#reversed ? tokens.reverse() : tokens;
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Numbers): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
