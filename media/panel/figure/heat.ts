/**
 * The ratios to the gradient at lag 0 beyond which the colour of a vanishing or an exploding gradient stays
 * the same.
 */
export const vanished = 1e-5;
export const exploded = 100;

/**
 * Returns the colour of a gradient, given its ratio to the one at lag 0: vanishing gradients fade away,
 * exploding ones turn red.
 */
export function heatColor(ratio: number): readonly [red: number, green: number, blue: number, alpha: number] {
  if (!(ratio > 0)) return [0, 0, 0, 0];
  const power = Math.log10(ratio);
  if (power <= 0) return [42, 120, 214, Math.round(255 * Math.max(0, 1 - power / Math.log10(vanished)))];
  const heat = Math.min(1, power / Math.log10(exploded));
  const mix = (cold: number, hot: number) => Math.round(cold + heat * (hot - cold));
  return [mix(42, 227), mix(120, 30), mix(214, 30), 255];
}

/** The widths in pixels of an arrow whose gradient is about to vanish, and of one as strong as at lag 0. */
const [thinnest, thickest] = [1, 7];

/** Returns the width of an arrow, given the ratio of its gradient to the one at lag 0; 0 has vanished. */
export function arrowWidth(ratio: number): number {
  if (!(ratio > vanished)) return 0;
  const share = (Math.log10(Math.min(ratio, exploded)) - Math.log10(vanished)) / -Math.log10(vanished);
  return thinnest + (thickest - thinnest) * Math.min(1, share) + Math.max(0, Math.log10(ratio));
}
