// Which model a document gets.
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { type Memento, Uri, workspace } from 'vscode';
import { Choices } from '../../src/editor/choices.ts';
import { Diary } from '../../src/editor/diary.ts';
import { Models } from '../../src/editor/models.ts';
import { makeManifest } from '../../src/protocol/manifest.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-models-'));
const uri = (name: string) => Uri.file(join(folder, name)).toString();

interface Trained {
  readonly uri: string | null;
  readonly pattern?: string;
  readonly languageId?: string;
  readonly direction?: 'forward' | 'backward';
}

/** Oldest first. */
const trained: Readonly<Record<string, Trained>> = {
  'a text': { uri: uri('notes/a.md'), languageId: 'markdown' },
  'the first notes': { uri: uri('notes'), pattern: '**' },
  'some notes': { uri: uri('notes'), pattern: '**/*.log' },
  'a part': { uri: `${uri('part.log')}#L1,1-L9,1`, languageId: 'log' },
  'the same log': { uri: uri('other.log'), languageId: 'log' },
  'read backward': { uri: uri('back.json'), languageId: 'json', direction: 'backward' },
};

describe('which model a document gets', () => {
  const problems: string[] = [];
  const diary = new Diary({ error: (message) => problems.push(message) });
  const choices = new Choices(memento());
  const models = new Models(join(folder, 'models'), choices, diary);

  before(async () => {
    for (const [index, [name, of]] of Object.entries(trained).entries()) {
      const manifest = makeManifest({
        weights: 'weights-1.safetensors',
        text: null,
        tokens: { kind: 'characters', longer: [] },
        vocabulary: { characters: ['', 'a'], rareKinds: 0 },
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
          date: `2026-01-01T00:00:0${index}.000Z`,
          engine: 'unroll',
          unroll: '0.1.0',
        },
        validationLoss: null,
        step: 1,
      });
      mkdirSync(join(folder, 'models', name), { recursive: true });
      writeFileSync(join(folder, 'models', name, 'model.json'), JSON.stringify(manifest));
    }
    await models.refresh();
    await choices.use(join(folder, 'models', 'some notes'), { kind: 'glob', what: '**/*.conf' });
    deepStrictEqual(problems, []);
  });
  after(() => {
    models.dispose();
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
    ['chosen.conf', 'some notes'],
  ];
  for (const [name, model] of cases)
    it(`${name}: ${model ?? 'none'}`, async () => {
      const path = join(folder, name);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, '');
      const document = await workspace.openTextDocument(path);
      const { directory = undefined } = models.for(document) ?? {};
      strictEqual(directory && basename(directory), model);
    });
});

function memento(): Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, otherwise?: T) => (values.has(key) ? (values.get(key) as T) : otherwise) as T,
    update: async (key: string, value: unknown) => void values.set(key, value),
  };
}
