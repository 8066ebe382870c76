// The runs of a comparison are still there after a window reload.
import { deepStrictEqual } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { Overlay } from '../../../src/editor/panel/overlay.ts';
import { nodeFiles } from '../../../src/platform/node/files.ts';
import { nodeProcesses } from '../../../src/platform/node/processes.ts';
import { emptyPoints, type RunSnapshot, type RunStatus } from '../../../src/protocol/run.ts';
import { ModelWriter } from '../../../src/store/modelWriter.ts';
import { generation } from '../../store/generation.ts';
import { memento } from '../memento.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-runs-'));

const steps = [{ step: 1, seconds: 0.1, loss: 5, gradientNorm: 1, clip: null }];
const validations = [{ step: 1, seconds: 0.1, loss: 4.5 }];

function run(title: string, status: RunStatus): RunSnapshot {
  const points = { ...emptyPoints(), steps, validations };
  return { title, date: '2026-01-01T00:00:00.000Z', status, start: null, progress: null, points };
}

function write(directory: string, history: RunSnapshot): void {
  new ModelWriter(nodeFiles, directory).write({ ...generation(), history });
}

describe('a comparison after a window reload', () => {
  after(() => rmSync(folder, { recursive: true }));

  it('has all its runs: those on disk, and those that failed as they were', async () => {
    const result = {
      end: 'budget',
      steps: 1,
      tokens: 1,
      characters: 1,
      seconds: 1,
      tokensPerSecond: 1,
      trainLoss: 5,
      validationLoss: 4.5,
      bestStep: 1,
    } as const;
    const failed = (message: string): RunStatus => ({ kind: 'failed', message });
    const laid = {
      ended: run('ended', { kind: 'ended', result }),
      'failed at once': run('failed at once', failed('There is a mistake in line 2.')),
      'failed after a checkpoint': run('failed after a checkpoint', failed('The training diverged.')),
    };
    const remembered = memento();
    const before = new Overlay(remembered, nodeProcesses);
    for (const [name, each] of Object.entries(laid)) before.lay(join(folder, name), each);
    write(join(folder, 'ended'), laid.ended);
    write(join(folder, 'failed after a checkpoint'), run('failed after a checkpoint', { kind: 'running' }));

    const later = new Overlay(remembered, nodeProcesses);
    await later.restore();
    const withoutSteps = { ...laid['failed at once'].points, steps: [] };
    deepStrictEqual(
      later.runs.map(({ run }) => run),
      [laid.ended, { ...laid['failed at once'], points: withoutSteps }, laid['failed after a checkpoint']],
    );
    later.take(join(folder, 'failed at once'));
    const last = new Overlay(remembered, nodeProcesses);
    await last.restore();
    deepStrictEqual(
      last.runs.map(({ id }) => id),
      ['ended', 'failed after a checkpoint'],
    );
  });
});
