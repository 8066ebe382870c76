import { describe, expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../src/store/safetensors.ts';

const weights = new Map([
  ['layers.0.U', { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, Number.MAX_VALUE, 1e-40) }],
  ['output.b', { shape: [1], data: Float32Array.of(7) }],
]);
const bytes = new Uint8Array(Buffer.concat(writeSafetensors(weights)));

/** Returns a file with this header and 16 bytes of numbers. */
function withHeader(header: string): Uint8Array {
  const json = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + json.length + 16);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

test('what is written comes back, also from the middle of a buffer', () => {
  expect(readSafetensors(bytes)).toEqual(weights);
  expect(readSafetensors(Buffer.from(bytes))).toEqual(weights);
  const within = new Uint8Array(bytes.length + 3);
  within.set(bytes, 3);
  expect(readSafetensors(within.subarray(3))).toEqual(weights);
});

test('the layout is the format’s: length, JSON, numbers', () => {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  expect(length % 8).toBe(0);
  expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
    'layers.0.U': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    'output.b': { dtype: 'F32', shape: [1], data_offsets: [24, 28] },
  });
});

test('cut anywhere, it is refused with a sentence', () => {
  for (let length = 0; length < bytes.length; length++)
    expect(() => readSafetensors(bytes.subarray(0, length))).toThrow(
      /cannot be read: .*Train the model again/,
    );
});

describe('what is not a file of 32-bit numbers is refused', () => {
  test.each([
    ['not JSON', '{'],
    ['not an object', '3'],
    ['null', 'null'],
    ['another type', '{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}'],
    ['a wrong length', '{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,16]}}'],
    ['a negative shape', '{"a":{"dtype":"F32","shape":[-1,-4],"data_offsets":[0,16]}}'],
    ['an offset beyond the end', '{"a":{"dtype":"F32","shape":[8],"data_offsets":[0,32]}}'],
    ['an entry that is none', '{"a":null}'],
  ])('%s', (_, header) => {
    expect(() => readSafetensors(withHeader(header))).toThrow('cannot be read');
  });

  test('the format’s own metadata is passed over', () => {
    const file = withHeader(
      '{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}',
    );
    expect([...readSafetensors(file).keys()]).toEqual(['w']);
  });
});
