// Optimisers update n parameters in place. `scale` multiplies the gradient, for clipping by its global norm.

/** Returns Σ a², computed in 64 bit. */
export function sumOfSquares(a: usize, n: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const quads = (n << 2) & ~15;
  a <<= 2;
  const end = a + (n << 2);
  const last = a + quads;
  for (; a < last; a += 16) {
    const x = v128.load(a);
    const x0 = f64x2.promote_low_f32x4(x);
    const x1 = f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(x0, x0));
    high = f64x2.add(high, f64x2.mul(x1, x1));
  }
  const sums = f64x2.add(low, high);
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (; a < end; a += 4) {
    const x: f64 = load<f32>(a);
    sum += x * x;
  }
  return sum;
}

/** Returns Σ a, computed in 64 bit. */
export function sum(a: usize, n: usize): f64 {
  let sum: f64 = 0;
  for (let i: usize = 0; i < n; i++) sum += load<f32>((a + i) << 2);
  return sum;
}

/** Adds to g the derivative of l1·|p| + l2/2·p², which is l1·sign(p) + l2·p. */
export function penalise(g: usize, p: usize, n: usize, l1: f32, l2: f32): void {
  for (let i: usize = 0; i < n; i++) {
    const at = i << 2;
    const w = load<f32>((p << 2) + at);
    const sign: f32 = w > 0 ? 1 : w < 0 ? -1 : 0;
    store<f32>((g << 2) + at, load<f32>((g << 2) + at) + l1 * sign + l2 * w);
  }
}

export function sgd(p: usize, g: usize, n: usize, rate: f32, scale: f32): void {
  for (let i: usize = 0; i < n; i++) {
    const at = i << 2;
    store<f32>((p << 2) + at, load<f32>((p << 2) + at) - rate * (load<f32>((g << 2) + at) * scale));
  }
}

/** Momentum: v ← μv + g; p ← p - rate·v, or p - rate·(g + μv) for Nesterov's (Sutskever et al. 2013). */
export function momentum(
  p: usize,
  g: usize,
  v: usize,
  n: usize,
  rate: f32,
  scale: f32,
  mu: f32,
  nesterov: bool,
): void {
  for (let i: usize = 0; i < n; i++) {
    const at = i << 2;
    const gradient = load<f32>((g << 2) + at) * scale;
    const velocity = mu * load<f32>((v << 2) + at) + gradient;
    store<f32>((v << 2) + at, velocity);
    const step = nesterov ? gradient + mu * velocity : velocity;
    store<f32>((p << 2) + at, load<f32>((p << 2) + at) - rate * step);
  }
}

/** RMSProp: v ← ρv + (1-ρ)g²; p ← p - rate·g / sqrt(v + ε) (Tieleman & Hinton 2012). */
export function rmsprop(
  p: usize,
  g: usize,
  v: usize,
  n: usize,
  rate: f32,
  scale: f32,
  rho: f32,
  epsilon: f32,
): void {
  for (let i: usize = 0; i < n; i++) {
    const at = i << 2;
    const gradient = load<f32>((g << 2) + at) * scale;
    const square = rho * load<f32>((v << 2) + at) + (1 - rho) * gradient * gradient;
    store<f32>((v << 2) + at, square);
    store<f32>((p << 2) + at, load<f32>((p << 2) + at) - (rate * gradient) / sqrt<f32>(square + epsilon));
  }
}

/**
 * Flushes tiny numbers to zero: the moments of tokens that never occur decay to denormals, which are slow.
 */
// @ts-ignore: decorator
@inline
function flush(x: v128): v128 {
  return v128.and(x, f32x4.gt(f32x4.abs(x), f32x4.splat(1e-35)));
}

/**
 * Adam (Kingma & Ba 2015), and with `keep` = 1 - rate·decay below 1 AdamW (Loshchilov & Hutter 2019).
 * correction1 = 1 - beta1^step, correction2 = 1 - beta2^step. The caller has to detect NaN in the gradient.
 */
export function adam(
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  n: usize,
  rate: f32,
  scale: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  correction1: f32,
  correction2: f32,
  keep: f32,
): void {
  p <<= 2;
  g <<= 2;
  m <<= 2;
  v <<= 2;
  const bytes = n << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const whole = bytes - i >= 16;
    // The rest is updated number by number, with the same arithmetic.
    const lanes: usize = whole ? 1 : (bytes - i) >> 2;
    for (let lane: usize = 0; lane < lanes; lane++) {
      const at = i + (lane << 2);
      const gradient = f32x4.mul(whole ? v128.load(g + at) : v128.load32_zero(g + at), f32x4.splat(scale));
      const first = flush(
        f32x4.add(
          f32x4.mul(whole ? v128.load(m + at) : v128.load32_zero(m + at), f32x4.splat(beta1)),
          f32x4.mul(gradient, f32x4.splat(1 - beta1)),
        ),
      );
      const second = flush(
        f32x4.add(
          f32x4.mul(whole ? v128.load(v + at) : v128.load32_zero(v + at), f32x4.splat(beta2)),
          f32x4.mul(f32x4.mul(gradient, gradient), f32x4.splat(1 - beta2)),
        ),
      );
      const deviation = f32x4.sqrt(f32x4.div(second, f32x4.splat(correction2)));
      const step = f32x4.div(
        f32x4.mul(first, f32x4.splat(rate / correction1)),
        f32x4.add(deviation, f32x4.splat(epsilon)),
      );
      const kept = f32x4.mul(whole ? v128.load(p + at) : v128.load32_zero(p + at), f32x4.splat(keep));
      const updated = f32x4.sub(kept, step);
      if (whole) {
        v128.store(m + at, first);
        v128.store(v + at, second);
        v128.store(p + at, updated);
      } else {
        v128.store32_lane(m + at, first, 0);
        v128.store32_lane(v + at, second, 0);
        v128.store32_lane(p + at, updated, 0);
      }
    }
  }
}
