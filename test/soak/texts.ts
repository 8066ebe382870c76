// Texts that may cause errors: words, digits, runs, line ends of all kinds, marks, halves of surrogate pairs.
import * as fc from 'fast-check';
import { random } from '../../src/tape/random.ts';

export const parts: readonly string[] = [
  ...[
    'the',
    ' the',
    'cell',
    ' reads',
    'x',
    '_id',
    'ß',
    'é',
    'e\u0301',
    '7',
    '42',
    ' ',
    '  ',
    '\t',
    '\n',
    '\n\n',
  ],
  ...[
    '\r\n',
    '\r',
    '=',
    '==',
    '(',
    ');',
    '"',
    '…',
    '🦋',
    '👩‍🔬',
    '🇦🇹',
    '\ud83e',
    '\udd8b',
    '\u2028',
    '\u00a0',
    '\0',
  ],
];

/** Returns a text of `count` random parts, always the same for a seed. */
export function write(count: number, seed: number): string {
  const next = random(seed);
  return Array.from({ length: count }, () => parts[Math.floor(next() * parts.length)]).join('');
}

export const part = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...parts) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) },
);

export const text = (most: number) => fc.array(part, { maxLength: most }).map((each) => each.join(''));

export const kinds = ['characters', 'words', 'pieces'] as const;
