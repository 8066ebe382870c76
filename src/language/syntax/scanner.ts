// Splits a text into parts, such as names, numbers and comments. Every character belongs to one part.

import { namePattern } from '../words.ts';

export type PartKind = 'space' | 'lineEnd' | 'comment' | 'number' | 'name' | 'mark' | 'unknown';

/** The kinds of parts, in the order of the groups of `pattern`. */
const kinds = ['space', 'lineEnd', 'comment', 'number', 'name', 'mark', 'unknown'] as const;

const pattern = new RegExp(
  [
    /([^\S\r\n]+)/u,
    /(\r\n|\n|\r)/u,
    /((?:#|\/\/)[^\r\n]*)/u,
    /((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/u,
    new RegExp(`(${namePattern.source})`, 'u'),
    /(\*\*|[-+*/^=(),[\]⊙∘−·×∗÷–—@])/u,
    /([^\s\p{L}\d#/+*^=(),[\]⊙∘−·×∗÷–—@-]+|.)/u,
  ]
    .map(({ source }) => source)
    .join('|'),
  'ysu',
);

/** Returns the part that begins at `from`, which must be within the text. */
export function matchPart(text: string, from: number): { kind: PartKind; to: number } {
  pattern.lastIndex = from;
  const match = pattern.exec(text)!;
  const group = match.findIndex((part, i) => i > 0 && part !== undefined);
  return { kind: kinds[group - 1], to: from + match[0].length };
}

/**
 * Goes through a text part by part. Plain ASCII is scanned without the pattern, which is several times
 * faster.
 */
export class Scanner {
  readonly #text: string;
  kind: PartKind = 'space';
  from = 0;
  to = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Advances to the next part and returns whether there is one. */
  next(): boolean {
    this.from = this.to;
    if (this.from >= this.#text.length) return false;
    if (!this.#nextPlain()) ({ kind: this.kind, to: this.to } = matchPart(this.#text, this.from));
    return true;
  }

  /**
   * Scans a part of plain ASCII. Returns false, and changes nothing but `to` and `kind`, if the pattern is
   * needed.
   */
  #nextPlain(): boolean {
    const text = this.#text;
    const first = text.charCodeAt(this.from);
    if (first >= 128) return false;
    const role = roles[first];
    let to = this.from + 1;
    switch (role) {
      case letter:
        while (isNamePart(text.charCodeAt(to))) to++;
        while (text.charCodeAt(to) === prime) to++;
        this.kind = 'name';
        break;
      case digit:
        while (roles[text.charCodeAt(to)] === digit) to++;
        // The number may continue with a fraction or an exponent.
        if (text[to] === '.' || text[to] === 'e' || text[to] === 'E') return false;
        this.kind = 'number';
        break;
      case blank:
        while (roles[text.charCodeAt(to)] === blank) to++;
        this.kind = 'space';
        break;
      case hash:
        while (to < text.length && text[to] !== '\n' && text[to] !== '\r') to++;
        this.kind = 'comment';
        this.to = to;
        return true;
      case lineFeed:
        this.kind = 'lineEnd';
        this.to = to;
        return true;
      case mark:
        // A doubled `*` or `/` has another meaning.
        if (text[to] === text[this.from] && (text[to] === '*' || text[to] === '/')) return false;
        this.kind = 'mark';
        this.to = to;
        return true;
      default:
        return false;
    }
    this.to = to;
    // The part may continue with letters, marks or spaces beyond ASCII, or with rare ASCII spaces.
    const after = text.charCodeAt(to);
    return !(after >= 128) && roles[after] !== rare;
  }
}

const [letter, digit, blank, hash, lineFeed, mark, rare] = [1, 2, 3, 4, 5, 6, 7];
const prime = "'".charCodeAt(0);

/** The kind of part that each ASCII character begins; 0 means that the pattern decides. */
const roles = new Uint8Array(128);
for (const [role, characters] of [
  [letter, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  [digit, '0123456789'],
  [blank, ' \t'],
  [hash, '#'],
  [lineFeed, '\n'],
  [mark, '-+*/^=(),[]@'],
  [rare, '\v\f'],
] as const)
  for (const character of characters) roles[character.charCodeAt(0)] = role;

const isNamePart = (code: number): boolean =>
  roles[code] === letter || roles[code] === digit || code === 0x5f;
