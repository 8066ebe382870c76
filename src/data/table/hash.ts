const offset = 0x811c9dc5;
const prime = 0x01000193;

/**
 * Hashes a text to 32 bits: FNV-1a (Fowler, Noll & Vo) over its UTF-16 units, mixed as in MurmurHash3
 * (Appleby) so that every bit depends on every unit.
 */
export function hash(text: string): number {
  let bits = offset;
  for (let i = 0; i < text.length; i++) bits = Math.imul(bits ^ text.charCodeAt(i), prime);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Returns whether a text is in a share of all; it is then in every larger share, too. */
export const isInShare = (text: string, share: number): boolean =>
  share >= 1 || hash(`share ${text}`) < share * 2 ** 32;
