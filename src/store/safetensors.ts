// Weights ↔ the safetensors format (Hugging Face, version 0.4): 8 bytes with the header's length, a JSON header,
// then the numbers, little-endian. Any framework can read it, and reading it runs nothing.
import type { Weight, Weights } from '../backend/engine.ts';
import { Problem } from '../protocol/problem.ts';

/** Of the header; the reference implementation's own limit. */
const maximumHeader = 100_000_000;

/** The format's place for what is no array. */
const metadataKey = '__metadata__';

/** @returns the file in parts: its header, then the arrays' own memory */
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
  // Padded with spaces so that the numbers are aligned.
  const headerLength = Math.ceil(json.length / 8) * 8;
  const start = new Uint8Array(8 + headerLength).fill(0x20, 8);
  new DataView(start.buffer).setBigUint64(0, BigInt(headerLength), true);
  start.set(json, 8);
  const arrays = [...weights.values()].map(
    ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
  return [start, ...arrays];
}

/** @throws Problem when the bytes are not a whole safetensors file of 32-bit numbers. */
export function readSafetensors(bytes: Uint8Array): Weights {
  return readSafetensorsFile(bytes).weights;
}

/** @throws Problem as `readSafetensors` does. */
export function readSafetensorsFile(bytes: Uint8Array): {
  weights: Weights;
  metadata: Readonly<Record<string, string>>;
} {
  const broken = (what: string) => new Problem(`The weights cannot be read: ${what}. Train the model again.`);
  if (bytes.length < 8) throw broken('the file is truncated');
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (headerLength > maximumHeader) throw broken('this is not a safetensors file');
  if (8 + headerLength > bytes.length) throw broken('the file is truncated');
  let header: unknown;
  try {
    header = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + headerLength)),
    );
  } catch {
    throw broken('this is not a safetensors file');
  }
  if (typeof header !== 'object' || header === null) throw broken('this is not a safetensors file');
  // A copy, which is aligned; `slice` would not make one of a Node Buffer.
  const numbers = new Uint8Array(bytes.subarray(8 + headerLength)).buffer;
  const weights = new Map<string, Weight>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === metadataKey) continue;
    const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
    if (dtype !== 'F32' || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2)
      throw broken(`its entry ${JSON.stringify(name)} is not one of 32-bit numbers`);
    const [from, to] = offsets;
    const size = shape.reduce((product, n) => product * n, 1);
    if (to > numbers.byteLength) throw broken('the file is truncated');
    if (to - from !== 4 * size || from % 4 !== 0)
      throw broken(`its entry ${JSON.stringify(name)} has the wrong length`);
    weights.set(name, { shape, data: new Float32Array(numbers, from, size) });
  }
  return { weights, metadata: (header as Record<string, Record<string, string>>)[metadataKey] ?? {} };
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
