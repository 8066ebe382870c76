// The revectorizer is refused when it does not compute the same.
import { expect, test, vi } from 'vitest';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { readKernels } from '../../kernels/modules.ts';

const start = (change: (bytes: Uint8Array<ArrayBuffer>) => void, mustBeFaster = false) => {
  const flags = vi.fn();
  let reads = 0;
  return startWasm({
    read: async (build) => {
      const bytes = Uint8Array.from(await readKernels(build));
      // The second read is the one that is compiled with the flag.
      if (++reads > 1) change(bytes);
      return bytes;
    },
    threads: 1,
    spawn: null,
    setRevectorizer: flags,
    mustBeFaster,
  }).then((engine) => ({ name: engine?.name, reason: engine?.reason, calls: flags.mock.calls.flat() }));
};

test('the same results', async () => {
  expect(await start(() => {})).toEqual({
    name: 'unroll-wide',
    reason: expect.stringMatching(/^matrix products [01]\.\d times as fast/),
    calls: [false, true, false],
  });
});

test('other results', async () => {
  // The table of constants begins with 1 / ln 2: one changed bit of it makes every exponential wrong.
  const table = [0x3b, 0xaa, 0xb8, 0x3f];
  const change = (bytes: Uint8Array) => {
    const at = bytes.findIndex((_, index) => table.every((byte, offset) => bytes[index + offset] === byte));
    bytes[at + 2] ^= 1;
  };
  expect(await start(change)).toEqual({
    name: 'unroll',
    reason: 'wide vectors do not compute the same here',
    calls: [false, true, false],
  });
});

test('no gain in speed, since the flags that are set here change nothing', async () => {
  expect(await start(() => {}, true)).toMatchObject({
    name: 'unroll',
    reason: 'wide vectors are not faster here',
  });
});
