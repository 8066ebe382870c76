// Checks which model a document gets.
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { Uri, workspace } from 'vscode';
import { Choices } from '../../../src/editor/models/choices.ts';
import { Models } from '../../../src/editor/models/models.ts';
import { Diary } from '../../../src/editor/report/diary.ts';
import { nodeProcesses } from '../../../src/platform/node/processes.ts';
import { makeManifest } from '../../../src/store/manifest.ts';
import { memento } from '../memento.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-models-'));
const uri = (name: string) => Uri.file(join(folder, name)).toString();

interface Trained {
  readonly uri: string | null;
  readonly pattern?: string;
  readonly languageId?: string;
  readonly direction?: 'forward' | 'backward';
  readonly finished?: boolean;
  readonly compared?: boolean;
  readonly loss?: number;
  readonly accuracy?: number | null;
}

/** The trained models, oldest first. */
const trained: Readonly<Record<string, Trained>> = {
  'a text': { uri: uri('notes/a.md'), languageId: 'markdown' },
  'the first notes': { uri: uri('notes'), pattern: '**' },
  'some notes': { uri: uri('notes'), pattern: '**/*.log' },
  'a part': { uri: `${uri('part.log')}#L1,1-L9,1`, languageId: 'log' },
  'the same log': { uri: uri('other.log'), languageId: 'log' },
  'read backward': { uri: uri('back.json'), languageId: 'json', direction: 'backward' },
  'an ended run': { uri: uri('run.txt') },
  'a run that was cut short': { uri: uri('run.txt'), finished: false },
  'the best of a comparison': { uri: uri('compared.txt'), compared: true, loss: 1 },
  'the last of a comparison': { uri: uri('compared.txt'), compared: true, loss: 2 },
  'measured by nothing': { uri: uri('judged.tsv'), compared: true, loss: 0.1, accuracy: null },
  'the most accurate': { uri: uri('judged.tsv'), compared: true, loss: 0.3, accuracy: 0.9 },
  'the least accurate': { uri: uri('judged.tsv'), compared: true, loss: 0.2, accuracy: 0.8 },
  'for this file': { uri: null },
  'for a glob': { uri: null },
  'for a language': { uri: null },
};

describe('which model a document gets', () => {
  const problems: string[] = [];
  const diary = new Diary({ error: (message) => problems.push(message) });
  const choices = new Choices(memento());
  const models = new Models(join(folder, 'models'), choices, diary, nodeProcesses);

  before(async () => {
    for (const [index, [name, of]] of Object.entries(trained).entries()) {
      const manifest = makeManifest({
        weights: 'weights-1.safetensors',
        text: null,
        tokens: { kind: 'characters', longer: [] },
        vocabulary: { characters: ['', 'a'], rareKinds: 1 },
        architecture: { embedding: 0, layers: [{ cell: 'GRU', hidden: 4 }], tied: false },
        direction: of.direction ?? 'forward',
        cells: {},
        options: {},
        provenance: {
          source: name,
          uri: of.uri,
          pattern: of.pattern ?? null,
          languageId: of.languageId ?? '',
          characters: 1000,
          date: `2026-01-01T00:00:${String(index).padStart(2, '0')}.000Z`,
          engine: 'unroll',
          unroll: '0.1.0',
        },
        finished: of.finished ?? true,
        compared: of.compared ?? false,
        validationLoss: of.loss ?? null,
        metric:
          of.accuracy === undefined
            ? null
            : { name: 'accuracy', unit: '', lowerIsBetter: false, value: of.accuracy },
        step: 1,
      });
      mkdirSync(join(folder, 'models', name), { recursive: true });
      writeFileSync(join(folder, 'models', name, 'model.json'), JSON.stringify(manifest));
    }
    await models.refresh();
    await choices.use(join(folder, 'models', 'some notes'), { kind: 'glob', what: '**/*.conf' });
    deepStrictEqual(problems, []);
    await choices.use('for a language', { kind: 'language', what: 'yaml' });
    await choices.use('for a glob', { kind: 'glob', what: '**/some/*.yaml' });
    await choices.use('the same log', { kind: 'file', what: uri('some/this.yaml') });
    await choices.use('for this file', { kind: 'file', what: uri('some/this.yaml') });
  });
  after(() => {
    models.dispose();
    choices.dispose();
    rmSync(folder, { recursive: true });
  });

  const cases: [document: string, model: string | undefined][] = [
    ['notes/a.md', 'a text'],
    ['notes/b.md', 'the first notes'],
    ['notes/deep/er/b.log', 'some notes'],
    ['part.log', 'a part'],
    ['other.log', 'the same log'],
    ['new.log', 'the same log'],
    ['elsewhere.txt', undefined],
    ['back.json', undefined],
    ['run.txt', 'an ended run'],
    ['compared.txt', 'the best of a comparison'],
    ['judged.tsv', 'the most accurate'],
    ['any.yaml', 'for a language'],
    ['some/other.yaml', 'for a glob'],
    ['some/this.yaml', 'for this file'],
    ['chosen.conf', 'some notes'],
  ];
  for (const [name, model] of cases)
    it(`${name}: ${model ?? 'none'}`, async () => {
      const path = join(folder, name);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, '');
      const document = await workspace.openTextDocument(path);
      const { directory = undefined } = models.for(document, 'suggest') ?? {};
      strictEqual(directory && basename(directory), model);
    });

  it('is the next one when a choice is taken back, and a model has its name until it is forgotten', async () => {
    const document = await workspace.openTextDocument(join(folder, 'some/this.yaml'));
    await choices.stopUsing('for this file');
    strictEqual(basename(models.for(document, 'suggest')!.directory), 'for a glob');
    await choices.rename('for a glob', 'Mine');
    strictEqual(choices.name('for a glob'), 'Mine');
    await choices.forget('for a glob');
    strictEqual(choices.name('for a glob'), undefined);
    strictEqual(basename(models.for(document, 'suggest')!.directory), 'for a language');
  });

  it('of a text as many are kept as are wanted, and those that somebody cares about', async () => {
    const left = () => new Set(models.all.map(({ directory }) => basename(directory)));
    await choices.rename('the last of a comparison', 'Mine');
    await models.keep(1, (directory) => basename(directory) === 'an ended run');
    deepStrictEqual(left().has('the best of a comparison'), false);
    for (const kept of ['an ended run', 'a run that was cut short', 'the last of a comparison', 'a part'])
      deepStrictEqual(left().has(kept), true, kept);
  });
});
