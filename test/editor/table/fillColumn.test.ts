// 'Fill Column' says what it has done, and what it has not.
import { afterEach, expect, test } from 'vitest';
import { fillColumn } from '../../../src/editor/table/fillColumn.ts';
import type { FilledRows } from '../../../src/protocol/rows.ts';
import { TextDocument, Uri } from '../../host/vscode/documents.ts';
import { host } from '../../host/vscode/window.ts';
import { memento } from '../memento.ts';

const { edit } = host.answers;
afterEach(() => {
  host.clear();
  host.answers.edit = edit;
});

/** Fills in a table with one empty cell. @returns the messages that are shown */
async function fill(): Promise<string[]> {
  host.show(new TextDocument(Uri.file('/tables/a.csv'), 'text,label\ngood,yes\nfine,\n', 'csv'));
  const end = { line: 2, character: 5 };
  const filled = {
    column: 'label',
    problem: null,
    rows: [
      {
        ...{ line: 2, last: 2, given: '', cell: { from: end, to: end } },
        candidates: [{ value: 'yes', probability: 0.9, text: 'yes' }],
      },
    ],
  } as unknown as FilledRows;
  await fillColumn({
    context: { workspaceState: memento() },
    models: { whenAsked: () => ({ directory: '/models/a', manifest: { weights: '' } }) },
    inspector: { ask: async () => filled },
    diary: { problem() {} },
  } as never);
  return host.shown.filter(({ place }) => place === 'message').map(({ text }) => text);
}

test('a column that is filled in is said, with the number of its rows', async () => {
  expect(await fill()).toEqual(['Filled in: 1 of 1 empty rows of `label`. Undo takes all of it back.']);
});

test('an edit that VS Code refuses is said, and not taken for one that was made', async () => {
  host.answers.edit = () => false;
  expect(await fill()).toEqual(['/tables/a.csv has changed in the meantime: fill in the column again.']);
});
