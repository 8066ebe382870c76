import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCells } from '../../src/language/check.ts';
import { describeOption } from '../../src/language/editing/hover.ts';
import { options } from '../../src/language/options/optionTable.ts';
import { functions, initialisers, statementWords } from '../../src/language/words.ts';

const readme = readFileSync(join(import.meta.dirname, '../../src/language/README.md'), 'utf8');

test('its example is sound', () => {
  const [, example] = /```\n(cell LSTM[\s\S]*?)```/.exec(readme)!;
  expect(readCells(example).diagnostics).toEqual([]);
});

test.each([...functions.keys(), ...initialisers.keys(), ...statementWords.keys()])('it names `%s`', (word) =>
  expect(readme).toMatch(new RegExp(`\`${word}\\b|\`${word}\``)),
);

test.each(options.map((option) => [option.name, option] as const))('it lists `%s` as it is', (_, option) =>
  expect(readme).toContain(`| \`${describeOption(option).code}\` | ${option.description} |`),
);
