// Nothing is left running when the host is gone, however it went.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeFiles } from '../../../src/platform/node/files.ts';
import { readRun } from '../../../src/store/modelFolder.ts';
import { trainRequest } from '../../worker/trained.ts';
import { lifeline } from './lifeline.ts';

const text = 'A line of a log, number 12, says that all is well.\n'.repeat(60);

test.each<[NodeJS.Signals, number]>([
  ['SIGKILL', 1],
  ['SIGKILL', 4],
  ['SIGTERM', 2],
])(
  'a host that ends by %s: the trainer of %i threads ends, and what it had kept is whole',
  async (signal, threads) => {
    const directory = mkdtempSync(join(tmpdir(), 'unroll-orphan-'));
    const life = await lifeline();
    try {
      const request = trainRequest(text, directory, {
        'model.layers': 'GRU 8',
        'train.seconds': 1000,
        'engine.threads': threads,
      });
      const args = [join(import.meta.dirname, 'trainingHost.ts'), JSON.stringify(request)];
      const host = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'], env: life.env });
      let said = '';
      host.stdout.setEncoding('utf8').on('data', (more) => {
        said += more;
        // The trainer is in the midst of its updates, and has saved.
        if (said.includes('s') && said.endsWith('p')) host.kill(signal);
      });
      expect((await once(host, 'close'))[1]).toBe(signal);
      await life.gone();
      // The trainer's threads have connections of their own.
      expect(life.begun).toBeGreaterThan(0);
      expect(readRun(nodeFiles, directory).earlier.checkpoint.step).toBeGreaterThan(0);
    } finally {
      life.close();
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
