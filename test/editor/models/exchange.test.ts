// 'Import Model …' with the exporter's worker: a folder or an ONNX file is chosen, and a text where the model has none.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { exportModel, importModel } from '../../../src/editor/models/exchange.ts';
import { nodeFiles } from '../../../src/platform/node/files.ts';
import { readModel, readRun, readText } from '../../../src/store/modelFolder.ts';
import { exportOnnx } from '../../../src/worker/exchange/exportOnnx.ts';
import { exportPytorch } from '../../../src/worker/exchange/exportPytorch.ts';
import { TextDocument, Uri } from '../../host/vscode/documents.ts';
import { host } from '../../host/vscode/window.ts';
import { start, trained } from '../../worker/trained.ts';

const text = 'red green blue\n'.repeat(200);
const settings = { 'engine.kind': 'auto' };

let folder: string;
let model: string;
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unroll-exchange-'));
  model = await trained(text, { 'model.layers': 'GRU 8', 'model.tokens': 'characters', 'train.epochs': 2 });
  const from = { files: nodeFiles, directory: model };
  exportOnnx(from, { files: nodeFiles, directory: path('onnx') });
  exportPytorch(from, { files: nodeFiles, directory: path('pytorch') });
  writeFileSync(path('colours.txt'), text);
  writeFileSync(path('server.pem'), `-----BEGIN PRIVATE KEY-----\n${text}`);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(model, { recursive: true });
});
beforeEach(() => host.clear());

const messages = () => host.shown.filter(({ place }) => place === 'message').map((each) => each.text);

/** Runs the command. @param picks the labels that are picked. @param files the files that are chosen, one after another */
async function run(root: string, picks: readonly RegExp[], files: readonly string[]): Promise<boolean> {
  const [waiting, chosen] = [[...picks], [...files]];
  host.answers.pick = (items) => {
    const label = waiting.shift()!;
    return items.filter((item) => label.test((item as { label: string }).label)).slice(0, 1);
  };
  host.answers.open = () => [Uri.file(path(chosen.shift()!))];
  const imported = await importModel(path(root), start('exporter'), settings);
  expect([waiting, chosen]).toEqual([[], []]);
  return imported;
}

function importedIn(root: string) {
  const [name] = readdirSync(path(root));
  const found = readModel(nodeFiles, join(path(root), name));
  expect(found.weights).toEqual(readModel(nodeFiles, model).weights);
  return { manifest: found.manifest, text: readText(nodeFiles, join(path(root), name), found.manifest) };
}

test('an ONNX file, which completes the text in front', async () => {
  host.show(new TextDocument(Uri.file(path('front.log')), text, 'log'));
  expect(await run('front', [/^ONNX File/, /front\.log/], ['onnx/model.onnx'])).toBe(true);
  const { manifest, text: kept } = importedIn('front');
  expect(manifest.provenance).toMatchObject({
    uri: Uri.file(path('front.log')).toString(),
    languageId: 'log',
    imported: { program: 'another program (ONNX)' },
  });
  expect(kept).toBe(text);
  expect(messages()).toEqual([
    expect.stringMatching(
      /^Imported model\.onnx: GRU 8, \d\.\d+ bits per .*\. Suggestions appear as you type\.$/,
    ),
  ]);
});

test('a folder with an ONNX file, and a text that is chosen', async () => {
  expect(await run('chosen', [/^Folder/, /^Choose a File/], ['onnx', 'colours.txt'])).toBe(true);
  expect(importedIn('chosen').manifest.provenance.uri).toBe(Uri.file(path('colours.txt')).toString());
});

test('a folder for PyTorch has its text with it', async () => {
  expect(await run('pytorch-models', [/^Folder/], ['pytorch'])).toBe(true);
  expect(importedIn('pytorch-models').text).toBe(readFileSync(path('colours.txt'), 'utf8'));
});

test('a text with a private key is refused, and what is no model is said', async () => {
  expect(await run('secret', [/^ONNX File/, /^Choose/], ['onnx/model.onnx', 'server.pem'])).toBe(false);
  expect(await run('none', [/^ONNX File/], ['colours.txt'])).toBe(false);
  expect(messages()).toEqual([
    expect.stringMatching(/server\.pem looks like a file with secrets/),
    expect.stringMatching(/could not be imported: .*colours\.txt holds no model that can be imported/),
  ]);
  expect([existsSync(path('secret')), existsSync(path('none'))]).toEqual([false, false]);
});

test('a model that reads backward comes without the promise of suggestions', async () => {
  const settings = {
    'model.layers': 'GRU 4',
    'model.tokens': 'characters',
    'model.direction': 'backward',
    'train.epochs': 1,
  };
  const backward = await trained(text, settings);
  try {
    expect(readRun(nodeFiles, backward).earlier.history.start).toMatchObject({ direction: 'backward' });
    exportPytorch(
      { files: nodeFiles, directory: backward },
      { files: nodeFiles, directory: path('backward') },
    );
    expect(await run('backward-models', [/^Folder/], ['backward'])).toBe(true);
    expect(messages()).toEqual([
      expect.stringMatching(/^Imported backward: GRU 4, .*\. It reads backward and suggests nothing\.$/),
    ]);
  } finally {
    rmSync(backward, { recursive: true });
  }
});

test('who dismisses a list or a dialog imports nothing, and is told nothing', async () => {
  host.answers.pick = () => [];
  expect(await importModel(path('dismissed'), start('exporter'), settings)).toBe(false);
  host.answers.pick = (items) => items.slice(0, 1);
  host.answers.open = () => undefined;
  expect(await importModel(path('dismissed'), start('exporter'), settings)).toBe(false);
  expect(messages()).toEqual([]);
});

test('an Unroll model is copied with what its run has kept, and with nothing else', async () => {
  const notKept = join(model, 'tokens.4711.0.tmp');
  writeFileSync(notKept, 'tokens');
  mkdirSync(path('copies'));
  host.answers.pick = (items) =>
    items.filter((item) => (item as { label: string }).label === 'Unroll Model').slice(0, 1);
  host.answers.open = () => [Uri.file(path('copies'))];
  const exportIt = () => exportModel(model, new Set(), start('exporter'));
  await exportIt();
  const copy = join(path('copies'), basename(model));
  expect(readdirSync(copy).toSorted()).toEqual(
    readdirSync(model)
      .filter((name) => !name.endsWith('.tmp'))
      .toSorted(),
  );
  expect(readModel(nodeFiles, copy).weights).toEqual(readModel(nodeFiles, model).weights);
  await exportIt();
  expect(messages()).toEqual([
    `The model is in ${copy}.`,
    `The model could not be exported: ${copy} is not empty: name a folder that is, or a new one.`,
  ]);
});
