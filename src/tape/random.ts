/**
 * A seeded source of numbers in [0, 1): mulberry32 (Ettinger 2017). Everything random in Unroll comes from one
 * of these, so that a seed says all about a run. The first `skip` numbers are left out, in no time.
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
