// The names that package.json and the code share.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commands, contexts } from '../src/contributions.ts';

const { contributes } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));
const names: string[] = Object.values(commands);

interface Item {
  readonly command: string;
  readonly when?: string;
}

test('every command has a title, and none is promised that is not there', () =>
  expect(contributes.commands.map(({ command }: Item) => command).sort()).toEqual(names.toSorted()));

test('menus name commands and context keys that there are', () => {
  const items: Item[] = Object.values<Item[]>(contributes.menus).flat();
  for (const { command, when = '' } of items) {
    expect(names).toContain(command);
    for (const [key] of when.matchAll(/unroll\.\w+/g)) expect(Object.values(contexts)).toContain(key);
  }
});
