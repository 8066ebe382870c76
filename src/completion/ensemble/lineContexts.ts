// Keeps what a position knows of its line and of the one above: in tables, logs and code, a line is much like the last one.
import { extendHash } from './hash.ts';
import { type PlacedNumber, successor } from './successor.ts';

/** The number of tokens of a line that are kept. */
const longest = 255;

/** The first number of the hashes of numbers that count up. */
const countingUp = 0x50005;

/** Returns whether a character separates the fields of a line. */
const isSeparator = (character: string): boolean => /^[,;\t|]$/.test(character);

/** A line as far as it was read, and the one above. It is a class for the reason that `NgramContext` is one. */
export class Line {
  /** The tokens so far, and those of the line above, at most `longest` each. */
  readonly tokens: Uint16Array;
  readonly above: Uint16Array;
  /** The places at which the fields of the line above begin, and its numbers. */
  readonly fieldsAbove: readonly number[];
  readonly numbersAbove: readonly PlacedNumber[];
  /** The number of separators so far, and the length and hash of what stands after the last one. */
  readonly field: number;
  readonly fieldLength: number;
  readonly fieldHash: number;
  /** The number of numbers that have begun in the field. */
  readonly numbers: number;
  /** The hash of the line's first word once it has ended; 0 before. */
  readonly firstWord: number;

  constructor(
    tokens: Uint16Array,
    above: Uint16Array,
    fieldsAbove: readonly number[],
    numbersAbove: readonly PlacedNumber[],
    field = 0,
    fieldLength = 0,
    fieldHash = 0,
    numbers = 0,
    firstWord = 0,
  ) {
    this.tokens = tokens;
    this.above = above;
    this.fieldsAbove = fieldsAbove;
    this.numbersAbove = numbersAbove;
    this.field = field;
    this.fieldLength = fieldLength;
    this.fieldHash = fieldHash;
    this.numbers = numbers;
    this.firstWord = firstWord;
  }
}

const none = new Uint16Array();

/** The line at the beginning of a text, with none above. */
export const noLine = new Line(none, none, [], []);

/** Follows the line so far, token by token, with its fields and numbers and those of the line above. */
export class LineContexts {
  readonly #end: number;
  readonly #separates: readonly boolean[];
  /** The value of each token that is a digit; -1 of others. */
  readonly #digits: readonly number[];

  constructor(characters: readonly string[]) {
    this.#end = characters.indexOf('\n');
    this.#separates = characters.map(isSeparator);
    this.#digits = characters.map((character) => (/^[0-9]$/.test(character) ? Number(character) : -1));
  }

  /** Returns the line after a token. @param word the hash of the word that ends with it; 0 for none */
  follow(line: Line, token: number, word: number): Line {
    if (token === this.#end)
      return new Line(none, line.tokens, this.#fieldsOf(line.tokens), this.#numbersOf(line.tokens));
    const tokens = line.tokens.length < longest ? appended(line.tokens, token) : line.tokens;
    const firstWord = line.firstWord === 0 ? word : line.firstWord;
    return this.#separates[token]
      ? new Line(tokens, line.above, line.fieldsAbove, line.numbersAbove, line.field + 1, 0, 0, 0, firstWord)
      : new Line(
          tokens,
          line.above,
          line.fieldsAbove,
          line.numbersAbove,
          line.field,
          line.fieldLength + 1,
          extendHash(line.fieldHash, token),
          line.numbers + (this.#begins(line.tokens.at(-1), token) ? 1 : 0),
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
    return extendHash(at < above.length ? above[at] + 1 : 0, at + 1 < above.length ? above[at + 1] + 1 : 0);
  }

  /**
   * Returns the hash of the place and of the digit that comes if the number here is the one above plus one; 0 where the line
   * above has no number here, or another one was begun.
   */
  counting({ tokens, above, numbersAbove, field, numbers }: Line): number {
    if (numbersAbove.length === 0 || tokens.length === longest) return 0;
    let from = tokens.length;
    while (from > 0 && this.#digits[tokens[from - 1]] >= 0) from--;
    const digits = tokens.length - from;
    const order = digits > 0 ? numbers - 1 : numbers;
    const number = numbersAbove.find((each) => each.field === field && each.order === order);
    if (!number) return 0;
    // A number begins after what it begins after in the line above.
    if (digits === 0 && (tokens[from - 1] ?? -1) !== (above[number.start - 1] ?? -1)) return 0;
    for (let at = 0; at < digits; at++)
      if (this.#digits[tokens[from + at]] !== number.successor[at]) return 0;
    const expected = digits < number.successor.length ? number.successor[digits] : 10;
    return extendHash(extendHash(extendHash(extendHash(countingUp, field), order), digits), expected);
  }

  #numbersOf(tokens: Uint16Array): PlacedNumber[] {
    const numbers: PlacedNumber[] = [];
    let [field, order] = [0, 0];
    for (let at = 0; at < tokens.length; at++) {
      if (this.#separates[tokens[at]]) [field, order] = [field + 1, 0];
      if (!this.#begins(at > 0 ? tokens[at - 1] : undefined, tokens[at])) continue;
      const digits: number[] = [];
      for (let to = at; to < tokens.length && this.#digits[tokens[to]] >= 0; to++)
        digits.push(this.#digits[tokens[to]]);
      numbers.push({ field, order: order++, start: at, successor: successor(digits) });
    }
    return numbers;
  }

  /** Returns whether a number begins with a token after the one before it. */
  #begins(before: number | undefined, token: number): boolean {
    return this.#digits[token] >= 0 && (before === undefined || this.#digits[before] < 0);
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
