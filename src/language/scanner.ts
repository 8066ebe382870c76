// Where each part of a text ends: a name, a number, a comment. Every character belongs to one of them.

import { namePattern } from './words.ts';

export type PartKind = 'space' | 'lineEnd' | 'comment' | 'number' | 'name' | 'mark' | 'unknown';

/** In the order in which the groups of `pattern` stand. */
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

/** The part that begins at `from`, which is within the text. */
export function matchPart(text: string, from: number): { kind: PartKind; to: number } {
  pattern.lastIndex = from;
  const match = pattern.exec(text)!;
  const group = match.findIndex((part, i) => i > 0 && part !== undefined);
  return { kind: kinds[group - 1], to: from + match[0].length };
}

/** Goes through a text from part to part. What is plain ASCII is found without the pattern, several times faster. */
export class Scanner {
  readonly #text: string;
  kind: PartKind = 'space';
  from = 0;
  to = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether there is another part. */
  next(): boolean {
    this.from = this.to;
    if (this.from >= this.#text.length) return false;
    if (!this.#nextPlain()) ({ kind: this.kind, to: this.to } = matchPart(this.#text, this.from));
    return true;
  }

  /** False, and nothing changes but `to`, where it takes the pattern to see what comes. */
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
        // A fraction or an exponent may follow.
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
        // Two of them are something else.
        if (text[to] === text[this.from] && (text[to] === '*' || text[to] === '/')) return false;
        this.kind = 'mark';
        this.to = to;
        return true;
      default:
        return false;
    }
    this.to = to;
    // Letters, marks and spaces beyond ASCII, and rare spaces within it, may go on.
    const after = text.charCodeAt(to);
    return !(after >= 128) && roles[after] !== rare;
  }
}

const [letter, digit, blank, hash, lineFeed, mark, rare] = [1, 2, 3, 4, 5, 6, 7];
const prime = "'".charCodeAt(0);

/** What an ASCII character begins; 0 is left to the pattern. */
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
