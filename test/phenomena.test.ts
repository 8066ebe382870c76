// The page of the phenomena that are seen says what its list says, and its pictures are there.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  page,
  pageFile,
  phenomena,
  pictureFolder,
  pictures,
  secondsFile,
} from '../scripts/phenomena/list.ts';
import { root } from './host/tools.ts';

const seconds: Record<string, number> = JSON.parse(readFileSync(join(root, secondsFile), 'utf8'));

test('the page is that of the list', () => {
  expect(readFileSync(join(root, pageFile), 'utf8')).toBe(page(seconds));
});

test('each phenomenon was on the screen within a minute when its picture was taken', () => {
  for (const { name } of phenomena) expect(seconds[name], name).toBeLessThan(60);
});

test('each picture of the page is there, in both themes, and no other', () => {
  expect(readdirSync(join(root, pictureFolder)).sort()).toEqual([...pictures].sort());
  const shown = [...page(seconds).matchAll(/src="phenomena\/([^"]+)"/g)].map(([, file]) => file);
  expect(shown.sort()).toEqual([...pictures].sort());
});
