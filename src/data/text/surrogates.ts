// Characters beyond U+FFFF, which are two UTF-16 units: a high and a low surrogate.

/** Whether a UTF-16 unit is half of a pair, if it stands beside its other half. */
export const isSurrogate = (unit: number): boolean => (unit & 0xf800) === 0xd800;

/** Whether a UTF-16 unit is the first half of a pair. */
export const isHighSurrogate = (unit: number): boolean => (unit & 0xfc00) === 0xd800;

const isLowSurrogate = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;

/**
 * Returns the code point of the character at an index; half of a character is the point of its unit. V8 13.6 optimises
 * `String.prototype.codePointAt` so that it reads beyond the end of a string that is a part of another one, which makes
 * a whole character of the half at its end.
 */
export function codePointAt(text: string, at: number): number {
  const [first, second] = [text.charCodeAt(at), text.charCodeAt(at + 1)];
  return isHighSurrogate(first) && isLowSurrogate(second)
    ? 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
    : first;
}
