// The recipes name files that exist, and the recipe for a function names exactly the files that name every function.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { binaryOperations, unaryOperations } from '../src/operations/elementwise.ts';

const root = join(import.meta.dirname, '..');
const recipes = readFileSync(join(root, 'docs/recipes.md'), 'utf8');

/** Returns the paths that a section of the recipes has in the first column of its table. */
function filesOf(section: string): string[] {
  const table = recipes.split(`## ${section}\n`)[1].split('\n## ')[0];
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => [...row.split('|')[1].matchAll(/`([^`]+)`/g)].map(([, path]) => path));
}

test('every file that a recipe names is there', () => {
  const sections = [...recipes.matchAll(/^## (.*)$/gm)].map(([, section]) => section);
  expect(sections.length).toBeGreaterThan(5);
  for (const section of sections)
    for (const path of filesOf(section))
      expect(existsSync(join(root, path)) || path.includes('NAME'), `${section}: ${path}`).toBe(true);
});

describe('the recipe for a function', () => {
  const recipe = filesOf('A function of the language');
  const functions = Object.entries({ ...unaryOperations, ...binaryOperations })
    .filter(([, { word }]) => word)
    .map(([name]) => name);
  const names = (path: string, name: string) =>
    new RegExp(`\\b${name}\\b`).test(readFileSync(join(root, path), 'utf8'));

  test.each(functions)('its files are those that name `%s`', (name) => {
    for (const path of recipe) expect(names(path, name), path).toBe(true);
  });

  test('no other file names every function, and so would have to name a new one', () => {
    const sources = globSync(
      ['{src,media,scripts,docs,syntaxes,test/{kernels,operations,soak}}/**/*.{ts,mjs,js,md,json}'],
      { cwd: root },
    );
    expect(sources).toEqual(expect.arrayContaining(recipe));
    const naming = sources.filter((path) => functions.every((name) => names(path, name)));
    expect(naming.toSorted()).toEqual(recipe.toSorted());
  });
});
