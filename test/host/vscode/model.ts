// Writes a model to disk, with the files that a window reads.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyPoints } from '../../../src/protocol/run.ts';

export interface WrittenModel {
  /** The title of its run. */
  readonly title?: string;
  readonly text?: string;
  readonly cell?: string;
  readonly provenance?: Readonly<Record<string, unknown>>;
  /** More fields of the manifest. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/**
 * Writes a model into `directory`.
 * @returns the item that a command about the model gets as its argument
 */
export function writeModel(
  directory: string,
  { title = 'a run', text = '', cell = 'LSTM', provenance = {}, fields = {} }: WrittenModel,
) {
  mkdirSync(directory, { recursive: true });
  const textFile = 'text-0123456789abcdef.txt';
  const date = '2026-01-01T00:00:00.000Z';
  const manifest = {
    format: 'unroll-model',
    version: 2,
    weights: 'weights-1.safetensors',
    text: textFile,
    vocabulary: { characters: ['', 'a'], rareKinds: 1 },
    tokens: { kind: 'characters', longer: [] },
    architecture: { embedding: 0, layers: [{ cell, hidden: 1 }], tied: false },
    direction: 'forward',
    cells: {},
    options: {},
    wishes: { settings: {}, definition: null, cell: null },
    provenance: {
      source: 'a text',
      uri: 'file:///gone',
      pattern: null,
      languageId: 'plaintext',
      characters: 1,
      date,
      engine: '',
      unroll: '',
      ...provenance,
    },
    validationLoss: 1,
    step: 1,
    ...fields,
  };
  const status = { kind: 'failed', message: '' };
  const history = { title, date, status, start: null, progress: null, points: emptyPoints() };
  writeFileSync(join(directory, textFile), text);
  writeFileSync(join(directory, 'history.json'), JSON.stringify(history));
  writeFileSync(join(directory, 'model.json'), JSON.stringify(manifest));
  // Manifests of this version name no task; one that is read has it.
  return { directory, manifest: { task: 'language model', ...manifest } };
}
