// Models that released versions have written still open, predict, show their history and continue. Each folder was
// trained by the version in its name, on a log of 2,736 characters, with LSTM 8 for 6 epochs.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { nodePlatform } from '../../src/platform/node/platform.ts';
import { readModel, readRun, readText } from '../../src/store/modelFolder.ts';
import { Controls } from '../../src/training/controls.ts';
import { run } from '../../src/worker/run.ts';
import { readKernels } from '../kernels/modules.ts';

const out = join(import.meta.dirname, '../../out');
let directory: string;

describe.each(['0.1.0-characters', '0.1.0-pieces'])('%s', (name) => {
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'unroll-earlier-'));
    cpSync(join(import.meta.dirname, 'models', name), directory, { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test('opens and predicts its text better than by frequency', async () => {
    const { manifest, tokenizer, architecture, weights, mixture } = readModel(nodeFiles, directory);
    expect(manifest.tokens.kind).toBe(name.split('-')[1]);
    expect(mixture).not.toBeNull();
    const text = readText(nodeFiles, directory, manifest);
    expect(text).toMatch(/^00:00 station south temperature 10 ok\n/);
    const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
    const predictor = engine.predict(architecture, weights);
    const state = predictor.initial();
    const logits = new Float32Array(predictor.outputs);
    let nats = 0;
    for (const token of tokenizer.encode(text)) {
      const most = Math.max(...logits);
      nats += most + Math.log(logits.reduce((sum, z) => sum + Math.exp(z - most), 0)) - logits[token];
      predictor.next(state, token, state, logits);
    }
    predictor.dispose();
    // Guessing by each character's frequency takes 4.24 bits.
    expect(nats / Math.LN2 / text.length).toBeLessThan(3.6);
  });

  test('continues with its history', async () => {
    const before = readRun(nodeFiles, directory);
    expect(before.earlier.finished).toBe(true);
    const { points } = before.earlier.history;
    expect(points.steps.length).toBeGreaterThan(100);
    expect(points.validations.length).toBeGreaterThan(10);
    const controls = new Controls();
    const result = await run(
      before.request,
      nodePlatform(out),
      controls,
      {
        started() {},
        paused() {},
        resumed() {},
        progress() {},
        saved() {},
        ended: () => controls.close(),
      },
      before.earlier,
    );
    expect(result.steps).toBeGreaterThan(before.earlier.checkpoint.step);
    const after = readRun(nodeFiles, directory).earlier.history.points;
    expect(after.steps.slice(0, points.steps.length)).toEqual(points.steps);
    expect(after.notes.map(({ text }) => text)).toContain('Continued.');
    expect(readModel(nodeFiles, directory).manifest.validationLoss).toBeLessThan(
      points.validations.at(-1)!.loss + 0.5,
    );
  });
});
