/** Computes the softmax in place. */
export function softmax(z: Float64Array | Float32Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (const each of z) if (each > most) most = each;
  let sum = 0;
  for (let i = 0; i < z.length; i++) sum += z[i] = Math.exp(z[i] - most);
  for (let i = 0; i < z.length; i++) z[i] /= sum;
}
