import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { canRevectorize } from '../../../src/platform/node/revectorizer.ts';

const file = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

test('the kernels can be compiled with the revectorizer', async () => {
  expect(await canRevectorize(file('out/kernels/relaxed.wasm'))).toBe(true);
});

test('what ends the process, or cannot be read, is refused', async () => {
  expect(await canRevectorize(file('package.json'))).toBe(false);
  expect(await canRevectorize(file('nowhere.wasm'))).toBe(false);
});
