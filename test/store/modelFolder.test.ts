import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { builtinCells } from '../../src/cells/index.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { readModel, readText, writeModel } from '../../src/store/modelFolder.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'unroll-model-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const weights = (value: number) =>
  new Map([['output.b', { shape: [3], data: Float32Array.of(value, 2, 3) }]]);

const company = { text: 'a\na\n', mixture: { shape: [2], data: Float32Array.of(3, 4) } };

const contents: Parameters<typeof writeModel>[2] = {
  vocabulary: { characters: ['', 'a', '\n'], rareKinds: 1 },
  tokens: { kind: 'pieces', longer: ['aa', 'aaa'] },
  architecture: { embedding: 0, layers: [{ cell: 'GRU', hidden: 8 }], tied: false },
  direction: 'forward',
  cells: { GRU: builtinCells.get('GRU')! },
  options: { seed: 1 },
  provenance: {
    source: 'notes.md',
    uri: null,
    pattern: null,
    languageId: 'markdown',
    characters: 1000,
    date: '2026-01-01T00:00:00.000Z',
    engine: 'tfjs-cpu',
    unroll: '0.1.0',
  },
  validationLoss: 2.5,
  step: 100,
};

test('a model comes back as it was written, and the newer one replaces the older', () => {
  writeModel(nodeFiles, directory, contents, weights(1), { text: 'b', mixture: null });
  writeModel(nodeFiles, directory, { ...contents, step: 200 }, weights(7), company);
  const { manifest, weights: read, mixture } = readModel(nodeFiles, directory);
  expect(manifest).toMatchObject({ ...contents, step: 200, finished: true, compared: false });
  expect(read).toEqual(weights(7));
  expect(readText(nodeFiles, directory, manifest)).toBe(company.text);
  expect(mixture).toEqual(company.mixture);
  expect(readdirSync(directory).sort()).toEqual(['model.json', manifest.text, manifest.weights].sort());
});

test('a write that is cut short before its last rename leaves the model as it was', () => {
  writeModel(nodeFiles, directory, contents, weights(1), company);
  // What a cut leaves: new weights, whole or not, that no manifest names.
  writeFileSync(join(directory, 'weights-2.safetensors'), 'half');
  writeFileSync(join(directory, 'model.json.1.tmp'), '{"format"');
  expect(readModel(nodeFiles, directory).weights).toEqual(weights(1));
});

test('a model from before there were other tokens than characters is one of characters', () => {
  writeModel(nodeFiles, directory, contents, weights(1), company);
  const path = join(directory, 'model.json');
  const { tokens, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
  expect(tokens).toEqual(contents.tokens);
  writeFileSync(path, JSON.stringify({ ...rest, version: 1 }));
  expect(readModel(nodeFiles, directory).manifest.tokens).toEqual({ kind: 'characters', longer: [] });
});

describe('what is not a whole model is refused with a sentence', () => {
  const spoil: Record<string, [() => void, RegExp]> = {
    'no folder': [() => rmSync(directory, { recursive: true }), /no whole Unroll model/],
    'truncated weights': [
      () => truncateSync(join(directory, 'weights-1.safetensors'), 50),
      /weights cannot be read/,
    ],
    'no weights': [
      () => rmSync(join(directory, 'weights-1.safetensors')),
      /weights-1.safetensors cannot be read/,
    ],
    'a truncated manifest': [() => truncateSync(join(directory, 'model.json'), 50), /model.json is damaged/],
    'an empty manifest': [() => truncateSync(join(directory, 'model.json'), 0), /model.json is damaged/],
    'some other JSON': [() => writeFileSync(join(directory, 'model.json'), '[1]'), /is something else/],
    'another version': [
      () => edit((manifest) => ({ ...manifest, version: 99 })),
      /another version of Unroll/,
    ],
    'a part missing': [() => edit(({ vocabulary, ...rest }) => rest), /damaged at `vocabulary`/],
    'weights elsewhere': [
      () => edit((manifest) => ({ ...manifest, weights: '../../secret' })),
      /damaged at `weights`/,
    ],
  };

  function edit(change: (manifest: Record<string, unknown>) => unknown): void {
    const path = join(directory, 'model.json');
    writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
  }

  test.each(Object.entries(spoil))('%s', (name, [damage, sentence]) => {
    writeModel(nodeFiles, directory, contents, weights(1), company);
    damage();
    expect(() => readModel(nodeFiles, directory)).toThrow(sentence);
    if (name === 'no folder') writeModel(nodeFiles, directory, contents, weights(1), company);
  });
});
