// Does as many multiply-adds as the machine can do at once on vectors, and nothing else: sums that do not wait for each
// other, as many as there are registers. They are stored two by two, so that V8's revectorizer finds pairs of 256 bits.
// peak.ts compiles it.

/** The bytes at the beginning of the memory that hold the two factors, four times each; the sums follow. */
const ofFactors: usize = 32;

// @ts-ignore: decorator
@inline
function step(sum: v128, a: v128, b: v128): v128 {
  // @ts-ignore: a constant of the compiler
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(f32x4.mul(a, b), sum);
}

/** Does `turns` times twelve multiply-adds of four numbers. */
export function multiplyAdds(turns: i32): void {
  const a = v128.load32_splat(0);
  const b = v128.load32_splat(16);
  let s0 = a,
    s1 = a,
    s2 = a,
    s3 = a,
    s4 = a,
    s5 = a,
    s6 = a,
    s7 = a,
    s8 = a,
    s9 = a,
    s10 = a,
    s11 = a;
  for (let i = 0; i < turns; i++) {
    s0 = step(s0, a, b);
    s1 = step(s1, a, b);
    s2 = step(s2, a, b);
    s3 = step(s3, a, b);
    s4 = step(s4, a, b);
    s5 = step(s5, a, b);
    s6 = step(s6, a, b);
    s7 = step(s7, a, b);
    s8 = step(s8, a, b);
    s9 = step(s9, a, b);
    s10 = step(s10, a, b);
    s11 = step(s11, a, b);
  }
  v128.store(ofFactors, s0);
  v128.store(ofFactors, s1, 16);
  v128.store(ofFactors, s2, 32);
  v128.store(ofFactors, s3, 48);
  v128.store(ofFactors, s4, 64);
  v128.store(ofFactors, s5, 80);
  v128.store(ofFactors, s6, 96);
  v128.store(ofFactors, s7, 112);
  v128.store(ofFactors, s8, 128);
  v128.store(ofFactors, s9, 144);
  v128.store(ofFactors, s10, 160);
  v128.store(ofFactors, s11, 176);
}

/** Does `turns` times twelve multiply-adds of eight numbers, where pairs are vectors of 256 bits. */
export function multiplyAddPairs(turns: i32): void {
  const a = v128.load32_splat(0);
  const b = v128.load32_splat(16);
  let s0 = a,
    s1 = a,
    s2 = a,
    s3 = a,
    s4 = a,
    s5 = a,
    s6 = a,
    s7 = a,
    s8 = a,
    s9 = a,
    s10 = a,
    s11 = a,
    s12 = a,
    s13 = a,
    s14 = a,
    s15 = a,
    s16 = a,
    s17 = a,
    s18 = a,
    s19 = a,
    s20 = a,
    s21 = a,
    s22 = a,
    s23 = a;
  for (let i = 0; i < turns; i++) {
    s0 = step(s0, a, b);
    s1 = step(s1, a, b);
    s2 = step(s2, a, b);
    s3 = step(s3, a, b);
    s4 = step(s4, a, b);
    s5 = step(s5, a, b);
    s6 = step(s6, a, b);
    s7 = step(s7, a, b);
    s8 = step(s8, a, b);
    s9 = step(s9, a, b);
    s10 = step(s10, a, b);
    s11 = step(s11, a, b);
    s12 = step(s12, a, b);
    s13 = step(s13, a, b);
    s14 = step(s14, a, b);
    s15 = step(s15, a, b);
    s16 = step(s16, a, b);
    s17 = step(s17, a, b);
    s18 = step(s18, a, b);
    s19 = step(s19, a, b);
    s20 = step(s20, a, b);
    s21 = step(s21, a, b);
    s22 = step(s22, a, b);
    s23 = step(s23, a, b);
  }
  v128.store(ofFactors, s0);
  v128.store(ofFactors, s1, 16);
  v128.store(ofFactors, s2, 32);
  v128.store(ofFactors, s3, 48);
  v128.store(ofFactors, s4, 64);
  v128.store(ofFactors, s5, 80);
  v128.store(ofFactors, s6, 96);
  v128.store(ofFactors, s7, 112);
  v128.store(ofFactors, s8, 128);
  v128.store(ofFactors, s9, 144);
  v128.store(ofFactors, s10, 160);
  v128.store(ofFactors, s11, 176);
  v128.store(ofFactors, s12, 192);
  v128.store(ofFactors, s13, 208);
  v128.store(ofFactors, s14, 224);
  v128.store(ofFactors, s15, 240);
  v128.store(ofFactors, s16, 256);
  v128.store(ofFactors, s17, 272);
  v128.store(ofFactors, s18, 288);
  v128.store(ofFactors, s19, 304);
  v128.store(ofFactors, s20, 320);
  v128.store(ofFactors, s21, 336);
  v128.store(ofFactors, s22, 352);
  v128.store(ofFactors, s23, 368);
}
