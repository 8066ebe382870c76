import type * as tf from '@tensorflow/tfjs';

/** Returns the bytes of tensors of 32-bit numbers. */
export function bytesOf(tensors: Iterable<tf.Tensor>): number {
  let bytes = 0;
  for (const { size } of tensors) bytes += 4 * size;
  return bytes;
}
