// In a window of several folders, the settings of the text's own folder hold.
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generateText } from '../../../src/editor/inText/generate.ts';
import { surpriseScale } from '../../../src/editor/inText/tint/surprise.ts';
import { TextDocument, Uri } from '../../host/vscode/documents.ts';
import { host } from '../../host/vscode/window.ts';

const folder = '/workspace/logs';
const model = { directory: '/models/own', manifest: { weights: 'weights.safetensors' } };

let asked: unknown[];
/** Answers a request for a text with nothing. */
const inspector = {
  ask: async (request: unknown) => {
    asked.push(request);
    return null;
  },
};

beforeEach(() => {
  asked = [];
  host.folder = Uri.file(folder);
  for (const [name, value] of Object.entries({
    'generate.length': 7,
    'generate.temperature': 2,
    'generate.topK': 3,
    'generate.topP': 0.5,
    'generate.seed': 11,
    'surprise.of': 'company',
  }))
    host.folderSettings.set(`unroll.${name}`, value);
});
afterEach(() => {
  host.clear();
  host.folder = null;
  host.folderSettings.clear();
});

const text = (directory: string) => new TextDocument(Uri.file(join(directory, 'a.log')), 'abc');
const ofFolder = { length: 7, temperature: 2, topK: 3, topP: 0.5, seed: 11 };
const usual = { length: 1000, temperature: 0.8, topK: 0, topP: 1 };

test.each([
  [
    'in the folder',
    folder,
    ofFolder,
    '7 characters, temperature 2, of the 3 likeliest, of 50 % of the probability',
  ],
  ['elsewhere', '/elsewhere', usual, '1,000 characters, temperature 0.8'],
])('a text %s is continued as is said for it', async (_, directory, expected, said) => {
  const document = text(directory);
  host.show(document, [{ active: document.positionAt(3) }]);
  await generateText({ whenAsked: () => model } as never, inspector as never, {} as never, () => {});
  expect(asked).toEqual([expect.objectContaining({ kind: 'generate', ...expected })]);
  expect(host.shown.map((each) => each.text)).toContain(`Generate text: ${said}`);
});

test.each([
  ['in the folder', folder, true, /^Surprise of what completes this text/],
  ['elsewhere', '/elsewhere', false, /^Surprise of the network alone/],
])('the surprise of a text %s is of what is said for it', async (_, directory, ensemble, said) => {
  const scale = surpriseScale(inspector as never, text(directory) as never);
  const passage = { text: 'abc', from: 0, to: 3, key: '' };
  await scale.read(model as never, passage, new AbortController().signal);
  expect(asked).toEqual([expect.objectContaining({ kind: 'surprise', ensemble })]);
  expect(scale.summary([], 'a.log').legend.value).toMatch(said);
});
