// 'Generate Text' says how it generates.
import { afterEach, expect, test } from 'vitest';
import { generateText } from '../../../src/editor/inText/generate.ts';
import { TextDocument, Uri } from '../../host/vscode/documents.ts';
import { Selection } from '../../host/vscode/values.ts';
import { host } from '../../host/vscode/window.ts';

const { pick } = host.answers;
afterEach(() => {
  host.answers.pick = pick;
  host.settings.clear();
  host.clear();
});

/** Asks for a text with a part of the probability. @returns the items that are offered */
async function offered(topP: number): Promise<string[]> {
  host.settings.set('unroll.generate.topP', topP);
  host.answers.pick = () => [];
  host.show(new TextDocument(Uri.file('/texts/notes.txt'), 'some text'), [new Selection(0, 4, 0, 4)]);
  const model = { directory: '/models/a', manifest: { weights: '' } };
  await generateText({ whenAsked: () => model } as never, {} as never, {} as never, () => {});
  return host.shown.splice(0).flatMap(({ place, text }) => (place === 'quick pick item' ? [text] : []));
}

test('the share of the probability is a short number', async () => {
  expect(await offered(0.55)).toContainEqual(expect.stringContaining('of 55 % of the probability'));
  expect(await offered(0.995)).toContainEqual(expect.stringContaining('of 99.5 % of the probability'));
});
