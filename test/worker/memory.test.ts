import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodePlatform } from '../../src/platform/node/platform.ts';
import { Controls } from '../../src/training/controls.ts';
import { run } from '../../src/worker/run.ts';
import { trainRequest } from './trained.ts';

const silent = {
  started() {},
  paused() {},
  resumed() {},
  progress() {},
  saved() {},
  ended() {},
};

test('a network that is too large is refused before anything is made for it, and what would fit is trained', async () => {
  const text = 'red green blue\n'.repeat(60);
  const platform = { ...nodePlatform(join(import.meta.dirname, '../../out')), memoryBytes: 40e6 };
  const directory = mkdtempSync(join(tmpdir(), 'unroll-size-'));
  const trainOn = (units: number) => {
    const controls = new Controls();
    controls.close();
    const settings = { 'model.layers': `GRU ${units}`, 'train.epochs': 1, 'engine.threads': 1 };
    return run(trainRequest(text, directory, settings), platform, controls, silent);
  };
  const { message } = await trainOn(1000).then(
    () => new Error(),
    (error: Error) => error,
  );
  expect(readdirSync(directory)).toEqual([]);
  const [, units] = /What would fit: (\d+) units/.exec(message)!.map(Number);
  expect((await trainOn(units)).end).toBe('budget');
  rmSync(directory, { recursive: true });
});
