import { describe, expect, test } from 'vitest';
import type { Architecture } from '../../src/tape/architecture.ts';
import { checkEncoder } from '../../src/training/checkEncoder.ts';
import { builtin, network } from '../backend/networks.ts';

const gru = builtin('GRU');
const decoder = builtin('DecoderGRU');
const encoder = { inputs: 4, embedding: 3, layers: [{ cell: gru, hidden: 3, bidirectional: true }] };

const wrong: Record<string, readonly [Architecture, RegExp]> = {
  'a decoder without an encoder': [
    network([gru, decoder]),
    /DecoderGRU reads `given` from an encoder, and there is none/,
  ],
  'a decoder in the encoder': [
    network([decoder], { encoder: { ...encoder, layers: [{ cell: decoder, hidden: 3 }] } }),
    /DecoderGRU reads from an encoder, and stands in one/,
  ],
  'a decoder that reads both ways': [
    network([], { encoder, layers: [{ cell: decoder, hidden: 3, bidirectional: true }] }),
    /make `both DecoderGRU 3` of `model\.layers` one direction/,
  ],
  'a state of another width than the encoder has': [
    network([builtin('DotAttention')], { encoder }),
    /make it `DotAttention 6` in `model\.layers`/,
  ],
  'a decoder that reads nothing of the source': [
    network([gru], { encoder }),
    /name a decoder in `model\.layers`, such as `AdditiveAttention 128`, .*, or begin the cell GRU at/,
  ],
};

describe('is refused with a mend', () => {
  test.each(Object.entries(wrong))('%s', (_, [architecture, message]) => {
    expect(() => checkEncoder(architecture)).toThrow(message);
  });
});

test('a decoder with an encoder, and a network without either, are right', () => {
  checkEncoder(network([gru]));
  checkEncoder(network([gru, decoder], { encoder }));
  checkEncoder(network([decoder], { encoder: { ...encoder, layers: [] } }));
});
