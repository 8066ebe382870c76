// A model of a table completes tables, and leaves other plain texts to models that suggest text.
import { mkdtempSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Choices } from '../../../src/editor/models/choices.ts';
import { FrontModel } from '../../../src/editor/models/frontModel.ts';
import { Models } from '../../../src/editor/models/models.ts';
import { Diary } from '../../../src/editor/report/diary.ts';
import { nodeProcesses } from '../../../src/platform/node/processes.ts';
import type { Capability } from '../../../src/protocol/capabilities.ts';
import { TextDocument, Uri } from '../../host/vscode/documents.ts';
import { writeModel } from '../../host/vscode/model.ts';
import { host } from '../../host/vscode/window.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { memento } from '../memento.ts';

const folder = temporaryFolder('tables');
let choices: Choices;
let models: Models;

// VS Code has no language of its own for tables: all of these are plain text.
const textOf = (name: string) => new TextDocument(Uri.file(`/texts/${name}`), 'text,stars\ngood,\n');
const open = (name: string) => textOf(name) as never;

const regression = {
  format: 'CSV',
  reads: ['text'],
  writes: 'stars',
  kind: 'text',
  pool: 'last',
  standardisation: { reads: null, writes: { mean: 3, deviation: 1 } },
  decimals: 0,
  heldOutApart: false,
};

beforeEach(async () => {
  const root = mkdtempSync(join(folder, 'models-'));
  choices = new Choices(memento());
  models = new Models(root, choices, new Diary({ error() {} }), nodeProcesses);
  const provenance = (source: string, day: number) => ({
    ...{ source, uri: `file:///texts/${source}`, date: `2026-01-0${day}T00:00:00.000Z` },
  });
  writeModel(join(root, 'of a text'), { provenance: provenance('a.txt', 1) });
  // The model of the table is the newer one.
  writeModel(join(root, 'of a table'), {
    provenance: provenance('reviews.csv', 2),
    fields: { task: 'regressor', regression },
  });
  await models.refresh();
  expect(models.all).toHaveLength(2);
});
afterEach(() => {
  models.dispose();
  choices.dispose();
  host.clear();
});

const nameOf = (model: { readonly directory: string } | undefined) => model && basename(model.directory);
const modelOf = (name: string, ...capabilities: readonly Capability[]) =>
  nameOf(models.for(open(name), ...capabilities));

test('it is for its own file, and for others whose names end alike', () => {
  expect(modelOf('reviews.csv', 'predict a number')).toBe('of a table');
  expect(modelOf('new.CSV', 'predict a number')).toBe('of a table');
  for (const other of ['notes.txt', 'new.tsv', 'csv', 'notes'])
    expect(modelOf(other, 'predict a number', 'fill')).toBeUndefined();
});

test('where a language model suggests too, a table has that of a table, and a text the other', () => {
  const all = ['suggest', 'fill', 'forecast'] as const;
  expect(modelOf('new.csv', ...all)).toBe('of a table');
  expect(modelOf('notes.txt', ...all)).toBe('of a text');
  expect(modelOf('new.csv', 'suggest')).toBe('of a text');
});

test('it is for any text that the user uses it for', async () => {
  await choices.use('of a table', { kind: 'file', what: textOf('notes.txt').uri.toString() });
  expect(modelOf('notes.txt', 'fill')).toBe('of a table');
});

test('a command that reads any text line by line finds it', () => {
  expect(nameOf(models.whenAsked(open('notes.txt'), 'fill'))).toBe('of a table');
  expect(nameOf(models.whenAsked(open('notes.txt'), 'suggest'))).toBe('of a text');
  expect(models.whenAsked(open('notes.txt'), 'tag')).toBeUndefined();
});

test('it is not said to complete the plain text in front', () => {
  const front = new FrontModel(models, choices);
  try {
    host.show(textOf('notes.txt'));
    expect(front.front).toMatchObject({ text: 'notes.txt', source: 'a.txt' });
    host.show(textOf('new.csv'));
    expect(front.front).toMatchObject({ text: 'new.csv', source: 'reviews.csv' });
  } finally {
    front.dispose();
  }
});
