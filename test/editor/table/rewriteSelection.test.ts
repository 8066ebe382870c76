// 'Rewrite Selection' in a text without a model of its own offers those that rewrite.
import { afterEach, expect, test, vi } from 'vitest';
import { rewriteSelection } from '../../../src/editor/table/rewriteSelection.ts';
import { TextDocument, Uri } from '../../host/vscode/documents.ts';
import { Selection } from '../../host/vscode/values.ts';
import { host } from '../../host/vscode/window.ts';

afterEach(() => host.clear());

/** Rewrites a line of a file. @returns the function that a model is asked by */
async function rewrite(file: string) {
  host.show(new TextDocument(Uri.file(file), 'TOKEN=1\n'), [new Selection(0, 0, 0, 0)]);
  const manifest = {
    task: 'encoder-decoder',
    weights: '',
    pairs: { reads: ['source'], writes: 'target' },
    provenance: { source: 'pairs.csv' },
  };
  const ask = vi.fn(async () => ({ rows: [], column: 'target', problem: null }));
  await rewriteSelection({
    models: { all: [{ directory: '/models/pairs', manifest }], whenAsked: () => undefined },
    inspector: { ask },
    diary: { problem() {} },
  } as never);
  return ask;
}

const texts = (place: string) => host.shown.filter((each) => each.place === place).map(({ text }) => text);

test('the model that is picked reads the lines', async () => {
  expect(await rewrite('/texts/notes.txt')).toHaveBeenCalledOnce();
  expect(texts('quick pick item')).toEqual(['pairs.csv', 'source as target']);
});

test('a file with secrets is refused before a model is offered', async () => {
  expect(await rewrite('/texts/.env')).not.toHaveBeenCalled();
  expect(texts('quick pick item')).toEqual([]);
  expect(texts('message')).toEqual([
    expect.stringMatching(/^This looks like a file with secrets, which no model reads\./),
  ]);
});
