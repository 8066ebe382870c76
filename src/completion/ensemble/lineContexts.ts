// Keeps what a position knows of its line and of the one above: in tables, logs and code, a line is much like the last one.
import { hash } from './hash.ts';

/** The number of tokens of a line that are kept. */
const longest = 255;

/** Returns whether a character separates the fields of a line. */
export const isSeparator = (character: string): boolean => /^[,;\t|]$/.test(character);

/** A line as far as it was read, and the one above. It is a class for the reason that `NgramContext` is one. */
export class Line {
  /** The tokens so far, and those of the line above, at most `longest` each. */
  readonly tokens: Uint16Array;
  readonly above: Uint16Array;
  /** The places at which the fields of the line above begin. */
  readonly fieldsAbove: readonly number[];
  /** The number of separators so far, and the length and hash of what stands after the last one. */
  readonly field: number;
  readonly fieldLength: number;
  readonly fieldHash: number;
  /** The hash of the line's first word once it has ended; 0 before. */
  readonly firstWord: number;

  constructor(
    tokens: Uint16Array,
    above: Uint16Array,
    fieldsAbove: readonly number[],
    field = 0,
    fieldLength = 0,
    fieldHash = 0,
    firstWord = 0,
  ) {
    this.tokens = tokens;
    this.above = above;
    this.fieldsAbove = fieldsAbove;
    this.field = field;
    this.fieldLength = fieldLength;
    this.fieldHash = fieldHash;
    this.firstWord = firstWord;
  }
}

const none = new Uint16Array();

export const noLine = new Line(none, none, []);

export class LineContexts {
  readonly #end: number;
  readonly #separates: readonly boolean[];

  /** @param end the token that ends a line; -1 for none. @param separates whether a token separates fields */
  constructor(end: number, separates: readonly boolean[]) {
    this.#end = end;
    this.#separates = separates;
  }

  /** Returns the line after a token. @param word the hash of the word that ends with it; 0 for none */
  follow(line: Line, token: number, word: number): Line {
    if (token === this.#end) return new Line(none, line.tokens, this.#fieldsOf(line.tokens));
    const tokens = line.tokens.length < longest ? appended(line.tokens, token) : line.tokens;
    const firstWord = line.firstWord === 0 ? word : line.firstWord;
    return this.#separates[token]
      ? new Line(tokens, line.above, line.fieldsAbove, line.field + 1, 0, 0, firstWord)
      : new Line(
          tokens,
          line.above,
          line.fieldsAbove,
          line.field,
          line.fieldLength + 1,
          hash(line.fieldHash, token),
          firstWord,
        );
  }

  /** Returns what the line above has at the column of the next token: 1 + the token; 0 where it is shorter. */
  above({ tokens, above }: Line): number {
    return tokens.length < above.length ? above[tokens.length] + 1 : 0;
  }

  /** Returns the hash of the two tokens that the line above has at the same place of the same field. */
  aboveInField({ above, fieldsAbove, field, fieldLength }: Line): number {
    const at = field < fieldsAbove.length ? fieldsAbove[field] + fieldLength : above.length;
    return hash(at < above.length ? above[at] + 1 : 0, at + 1 < above.length ? above[at + 1] + 1 : 0);
  }

  #fieldsOf(tokens: Uint16Array): number[] {
    const fields = [0];
    for (let at = 0; at < tokens.length; at++) if (this.#separates[tokens[at]]) fields.push(at + 1);
    return fields;
  }
}

function appended(tokens: Uint16Array, token: number): Uint16Array {
  const longer = new Uint16Array(tokens.length + 1);
  longer.set(tokens);
  longer[tokens.length] = token;
  return longer;
}
