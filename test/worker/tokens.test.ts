// Goes from text to suggestion with every kind of token.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { nodePlatform } from '../../src/platform/node/platform.ts';
import type { RunStart } from '../../src/protocol/run.ts';
import { readModel } from '../../src/store/modelFolder.ts';
import { readTokenizer, writeTokenizer } from '../../src/store/tokens.ts';
import { Controls } from '../../src/training/controls.ts';
import { startEngine } from '../../src/worker/engines.ts';
import { closeModel, openModel } from '../../src/worker/openModel.ts';
import { run } from '../../src/worker/run.ts';
import { trainRequest } from './trained.ts';

const platform = nodePlatform(join(import.meta.dirname, '../../out'));
const text = 'connection from 10.0.0.7 closed by authenticating user root [preauth]\n'.repeat(300);
const pause = async () => {};
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'unroll-tokens-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function train(settings: Record<string, unknown>): Promise<{ start: RunStart; loss: number }> {
  const starts: RunStart[] = [];
  const { validationLoss } = await run(
    trainRequest(text, directory, {
      'model.layers': 'LSTM 24',
      'train.batch': 8,
      'train.epochs': 4,
      'engine.threads': 1,
      ...settings,
    }),
    platform,
    Controls.none(),
    {
      started: (start) => starts.push(start),
      paused() {},
      resumed() {},
      progress() {},
      saved() {},
      ended() {},
    },
  );
  return { start: starts[0], loss: validationLoss! };
}

test.each<[kind: string, embedding: number]>([
  ['characters', 0],
  ['words', 0],
  ['pieces', 0],
  ['pieces', 8],
])(
  '%s, with an embedding of %i: trains, is kept, and suggests the rest of a word',
  async (kind, embedding) => {
    const { start, loss } = await train({ 'model.tokens': kind, 'model.embedding': embedding });
    expect(start.tokens?.kind).toBe(kind);
    expect(start).toMatchObject({ lossUnit: 'bits per character', metric: null });
    const [unigram, uniform] = start.baselines;
    expect([unigram.name, uniform.name]).toEqual(['unigram', 'uniform']);
    expect(unigram.value).toBeLessThan(uniform.value);
    expect(loss).toBeLessThan(unigram.value);
    const { manifest } = readModel(nodeFiles, directory);
    const tokenizer = readTokenizer(manifest);
    expect(manifest).toMatchObject(writeTokenizer(tokenizer));
    expect(start.vocabulary).toBe(tokenizer.size);
    expect(tokenizer.longer.length > 0).toBe(kind !== 'characters');

    const { engine } = await startEngine(platform, { kind: 'auto', threads: 1 });
    const model = await openModel(engine, platform, directory, null, { now: () => 0 });
    const cursor = {
      document: 'a',
      offset: 0,
      after: '',
      typed: 1,
      reading: 0,
      confidence: 0.5,
      maxLength: 60,
      count: 1,
    };
    const [{ text: suggested }] = await model.completer.suggest(
      { ...cursor, before: `${text.slice(-140)}connection from 10.0.0.7 closed by authent` },
      pause,
    );
    expect('icating user root [preauth]\n').toMatch(suggested.split('\n')[0]);
    expect(suggested).toMatch(/^icating/);
    closeModel(model);
  },
);
