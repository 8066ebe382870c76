// The stand-in for VS Code has every name that the editor's rooms import: a module that lacks one cannot be loaded.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as standIn from './index.ts';

const root = join(import.meta.dirname, '../../..');

function importedNames(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^import \{([^}]*)\} from 'vscode'/gm)].flatMap(([, names]) =>
    names
      .split(',')
      .map((name) => name.trim().replace(/ as .*/, ''))
      .filter((name) => name !== '' && !name.startsWith('type ')),
  );
}

test('it has what is imported', () => {
  const names = new Set(globSync('src/**/*.ts', { cwd: root }).flatMap(importedNames));
  expect(names.size).toBeGreaterThan(40);
  expect([...names].filter((name) => !(name in standIn))).toEqual([]);
});
