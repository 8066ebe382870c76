// The recipes name files that exist, and the recipe for a function names all files that a function needs.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

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

test('the recipe for a function is complete', () => {
  // A file that names these three functions names functions one by one, and has to name a new one too.
  const names = ['relu', 'sqrt', 'sigmoid'].map((name) => new RegExp(`\\b${name}\\b`));
  const naming = globSync(['src/**/*.{ts,md}', 'syntaxes/*.json', 'test/{kernels,soak}/**/*.ts'], {
    cwd: root,
  }).filter((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return names.every((name) => name.test(text));
  });
  expect(filesOf('A function of the language').toSorted()).toEqual(naming.toSorted());
});
