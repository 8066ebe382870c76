import { expect, test } from 'vitest';
import { featuresOf } from '../../src/inspection/features.ts';
import type { Feature } from '../../src/protocol/inspector.ts';

/** Each row has a feature, a text, and the expected digit of each character. */
test.each<[Feature, string, string]>([
  ['column', 'ab\n cd', '012012'],
  ['indentation', 'a\n  b c\n\td', '0012222211'],
  ['quotes', 'a "b" c', '0011000'],
  ['quotes', 'it\'s "x', '0000011'],
  ['quotes', '"a\nb', '1110'],
  ['quotes', '"a\\"b" c', '11111000'],
  ['quotes', '// "a', '00000'],
  ['brackets', 'f(a[1])b', '01122100'],
  ['brackets', '"(" a', '00000'],
  ['comment', 'a // b\nc', '00111110'],
  ['comment', 'a /* b\nc */ d', '0011111111100'],
  ['comment', 'x # y', '00111'],
  ['comment', 'see http://a', '000000000000'],
  ['comment', '"// a" b', '00000000'],
  ['word', 'ab, c', '12001'],
  ['wordEnd', 'ab, c.', '001001'],
  ['digit', 'a1 22', '01011'],
  ['upperCase', 'aBÄ', '011'],
  ['space', 'a \tb', '0110'],
  ['lineEnd', 'a\nb', '010'],
  ['vowel', 'bAd', '010'],
])('%s of %j', (feature, text, digits) => {
  expect([...featuresOf(text)[feature]].join('')).toBe(digits);
});
