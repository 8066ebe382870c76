import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { canWiden } from '../../../src/platform/node/revectorizer.ts';

const file = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

test('the kernels can be compiled with the revectorizer', async () => {
  expect(await canWiden(file('out/kernels/relaxed.wasm'))).toBe(true);
});

test('what ends the process, or cannot be read, is refused', async () => {
  expect(await canWiden(file('package.json'))).toBe(false);
  expect(await canWiden(file('nowhere.wasm'))).toBe(false);
});
