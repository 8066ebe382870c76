// The page of the phenomena that are seen says what its list says, and its pictures are there.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { page, pageFile, pictureFolder, pictures } from '../scripts/phenomena/list.ts';
import { root } from './host/tools.ts';

test('the page is that of the list', () => {
  expect(readFileSync(join(root, pageFile), 'utf8')).toBe(page());
});

test('each picture of the page is there, in both themes, and no other', () => {
  expect(readdirSync(join(root, pictureFolder)).sort()).toEqual([...pictures].sort());
  const shown = [...page().matchAll(/src="phenomena\/([^"]+)"/g)].map(([, file]) => file);
  expect(shown.sort()).toEqual([...pictures].sort());
});
