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
