import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { functions, initialisers, sectionWords, statementWords } from '../../src/language/words.ts';

const grammar = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../syntaxes/rnn.tmLanguage.json'), 'utf8'),
);
const { repository } = grammar;

const matches = ({ match, patterns }: { match?: string; patterns?: { match: string }[] }, line: string) =>
  [...(match ? [match] : []), ...(patterns ?? []).map(({ match }) => match)].some((one) =>
    new RegExp(one, 'u').test(line),
  );

test.each([
  ...[...sectionWords.keys()].map((word) => ['section', word === 'cell' ? 'cell LSTM' : word]),
  ...[...statementWords.keys()].map((word) => ['statement', `  ${word} b`]),
  ...[...functions.keys()].map((word) => ['function', `${word}(`]),
  ...[...initialisers.keys()].map((word) => ['word', word]),
  ...['learned', 'from', 'first', 'radius', 'as', 'distribution', 'over', 'given'].map((word) => [
    'word',
    word,
  ]),
  ['function', 'softmax over s ('],
  ...['[t]', '[t-2]', '[0]', '[s]', '[t,s]', '[t, s]'].map((index) => ['step', index]),
  ['operator', '·'],
])('the grammar knows, as a %s: %s', (rule, line) => expect(matches(repository[rule], line)).toBe(true));

test.each([
  ['section', '  model[t] = x[t]'],
  ['statement', '  init[t] = x[t]'],
  ['function', 'mytanh('],
  ['word', 'identity_2'],
  ['matrix', 'w x[t]'],
  ['step', '[k]'],
])('the grammar does not take for a %s: %s', (rule, line) =>
  expect(matches(repository[rule], line)).toBe(false),
);
