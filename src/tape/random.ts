/**
 * Returns a seeded generator of numbers in [0, 1): mulberry32 (Ettinger 2017). Everything random in Unroll
 * comes from such a generator, so that a seed determines a run. The first `skip` numbers are skipped in
 * constant time.
 */
export function random(seed: number, skip = 0): () => number {
  let state = (seed + Math.imul(skip, 0x6d2b79f5)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
}
