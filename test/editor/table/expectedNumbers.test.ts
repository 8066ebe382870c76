// The hover over a row says which number is expected, where the row has a cell for one.
import { afterEach, expect, test } from 'vitest';
import { ExpectedNumbers } from '../../../src/editor/table/expectedNumbers.ts';
import type { FilledRow } from '../../../src/protocol/rows.ts';
import { TextDocument, Uri } from '../../host/vscode/documents.ts';
import { Disposable, type MarkdownString } from '../../host/vscode/values.ts';
import { host } from '../../host/vscode/window.ts';

afterEach(() => host.providers.delete('hover'));

/** Hovers over the second line of a file, in which a number is expected. @returns the texts that are shown */
async function hover(cell: FilledRow['cell']): Promise<string[]> {
  const row = {
    ...{ line: 1, last: 1, given: '', cell },
    candidates: [{ value: '4', probability: null, text: '4' }],
    interval: { lower: '3', upper: '5', level: 0.55, sharpness: 0.5 },
  };
  const model = { directory: '/models/a', manifest: { weights: '', provenance: { source: 'a.csv' } } };
  const expected = new ExpectedNumbers({
    models: { for: (_: unknown, capability: string) => (capability === 'forecast' ? undefined : model) },
    inspector: { ask: async () => ({ rows: [row], column: 'stars', problem: null }) },
    diary: { problem() {} },
  } as never);
  const [{ provideHover }] = host.providers.get('hover')!;
  const document = new TextDocument(Uri.file('/texts/a.csv'), 'text,stars\ngood,\n');
  const token = { onCancellationRequested: () => new Disposable(() => {}) };
  const shown = await provideHover(document as never, { line: 1, character: 0 } as never, token as never);
  expected.dispose();
  return shown ? [(shown as { contents: MarkdownString }).contents.value] : [];
}

test('the number and its interval are said', async () => {
  const end = { line: 1, character: 5 };
  expect(await hover({ from: end, to: end })).toEqual([
    expect.stringContaining('Expected here, with an interval of 55 %'),
  ]);
});

test('nothing is said of a line that has no cell, as those of other texts', async () => {
  expect(await hover(null)).toEqual([]);
});
