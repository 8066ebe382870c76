/** Extends a hash by one token. The multiplier is MurmurHash3's (Appleby 2011). */
export function extendHash(before: number, token: number): number {
  const mixed = Math.imul(before ^ (token + 1), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}
