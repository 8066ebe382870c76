// Reads, writes and hashes any number of bytes. Node's own functions refuse more than 2^31 - 1 at a time.
import type { Hash } from 'node:crypto';
import { readSync, writeSync } from 'node:fs';

/** The most bytes of one call of Node. */
const mostAtOnce = 2 ** 30;

/**
 * Reads until `into` is full or the file ends.
 * @param position the place in the file, in bytes; null reads on from the current one
 * @returns the number of bytes read
 */
export function readInParts(
  file: number,
  into: Uint8Array,
  position: number | null,
  most = mostAtOnce,
): number {
  let length = 0;
  for (let read = -1; length < into.length && read !== 0; length += read)
    read = readSync(
      file,
      into,
      length,
      Math.min(most, into.length - length),
      position === null ? null : position + length,
    );
  return length;
}

/** Writes all bytes at the current position of the file. */
export function writeInParts(file: number, bytes: Uint8Array, most = mostAtOnce): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, Math.min(most, bytes.length - at));
}

export function hashInParts(hash: Hash, bytes: Uint8Array, most = mostAtOnce): void {
  for (let at = 0; at < bytes.length; at += most) hash.update(bytes.subarray(at, at + most));
}
