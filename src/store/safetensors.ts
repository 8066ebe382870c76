// Reads and writes weights in the safetensors format (Hugging Face, version 0.4): 8 bytes with the header's
// length, a JSON header, then the numbers, little-endian. Any framework can read it, and reading it runs no
// code.
import type { Weight, Weights } from '../backend/engine.ts';
import { Problem } from '../protocol/problem.ts';

/** The most bytes of the header; a checkpoint of the deepest network has some thousand arrays. */
export const mostHeaderBytes = 4_000_000;

/** The format's key for everything that is not an array. */
const metadataKey = '__metadata__';

/** Writes a safetensors file. @returns the file in parts: its header, then the arrays' own memory */
export function writeSafetensors(
  weights: Weights,
  metadata: Readonly<Record<string, string>> | null = null,
): Uint8Array[] {
  const header: Record<string, unknown> = metadata ? { [metadataKey]: metadata } : {};
  let at = 0;
  for (const [name, { shape, data }] of weights) {
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + data.byteLength] };
    at += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // The header is padded with spaces so that the numbers are aligned.
  const headerLength = Math.ceil(json.length / 8) * 8;
  const start = new Uint8Array(8 + headerLength).fill(0x20, 8);
  new DataView(start.buffer).setBigUint64(0, BigInt(headerLength), true);
  start.set(json, 8);
  const arrays = [...weights.values()].map(
    ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
  return [start, ...arrays];
}

/**
 * Reads the arrays of a file. @throws Problem when the bytes are not a whole safetensors file of 32-bit
 * numbers
 */
export function readSafetensors(bytes: Uint8Array): Weights {
  return readSafetensorsFile(bytes).weights;
}

/** Reads the arrays and the metadata of a file. @throws Problem as `readSafetensors` does */
export function readSafetensorsFile(bytes: Uint8Array): {
  weights: Weights;
  metadata: Readonly<Record<string, string>>;
} {
  const broken = (what: string) => new Problem(`The weights cannot be read: ${what}. Train the model again.`);
  if (bytes.length < 8) throw broken('the file is truncated');
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (headerLength > mostHeaderBytes) throw broken('this is not a safetensors file');
  if (8 + headerLength > bytes.length) throw broken('the file is truncated');
  let header: unknown;
  try {
    header = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + headerLength)),
    );
  } catch {
    throw broken('this is not a safetensors file');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw broken('this is not a safetensors file');
  const start = bytes.byteOffset + 8 + headerLength;
  // Aligned numbers need no copy. Otherwise one is made by a constructor, since `slice` would not copy a Node
  // Buffer.
  const numbers =
    start % 4 === 0 ? bytes.subarray(8 + headerLength) : new Uint8Array(bytes.subarray(8 + headerLength));
  const entries = Object.entries(header).flatMap(([name, entry]) => {
    if (name === metadataKey) return [];
    const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
    if (dtype !== 'F32' || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2)
      throw broken(`its entry ${JSON.stringify(name)} is not one of 32-bit numbers`);
    const [from, to] = offsets;
    const size = shape.reduce((product, n) => product * n, 1);
    if (to > numbers.length) throw broken('the file is truncated');
    if (to - from !== 4 * size) throw broken(`its entry ${JSON.stringify(name)} has the wrong length`);
    return [{ name, shape, from, to, size }];
  });
  // The format requires the arrays to follow one another without gaps.
  let end = 0;
  for (const { name, from, to } of [...entries].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) throw broken(`its entry ${JSON.stringify(name)} stands at the wrong place`);
    end = to;
  }
  if (end !== numbers.length) throw broken('the file is longer than its header says');
  const weights = new Map<string, Weight>(
    entries.map(({ name, shape, from, size }) => [
      name,
      { shape, data: new Float32Array(numbers.buffer, numbers.byteOffset + from, size) },
    ]),
  );
  return { weights, metadata: textsOf((header as Record<string, unknown>)[metadataKey]) };
}

/** Returns the entries that are texts, which the format requires of all of them. */
function textsOf(metadata: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(metadata ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
