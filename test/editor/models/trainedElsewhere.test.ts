// A run that another window or the command line trains is shown as that, and is neither continued nor deleted here.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Choices } from '../../../src/editor/models/choices.ts';
import { followTrained } from '../../../src/editor/models/followTrained.ts';
import { keepModels, Models } from '../../../src/editor/models/models.ts';
import { keepShown } from '../../../src/editor/panel/restore.ts';
import { Diary } from '../../../src/editor/report/diary.ts';
import { Runs } from '../../../src/editor/runs/runs.ts';
import type { RunEvent } from '../../../src/editor/workers/trainerClient.ts';
import { nodeProcesses } from '../../../src/platform/node/processes.ts';
import { renewalInterval } from '../../../src/store/lease.ts';
import { Extension } from '../../host/vscode/extension.ts';
import { writeModel } from '../../host/vscode/model.ts';
import { host } from '../../host/vscode/window.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { trainRequest } from '../../worker/trained.ts';
import { memento } from '../memento.ts';

const folder = temporaryFolder('elsewhere');
let trainer: ChildProcess;

beforeEach(() => {
  trainer = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
});
afterEach(async () => {
  await kill();
  host.clear();
});

async function kill(): Promise<void> {
  if (!trainer.kill('SIGKILL')) return;
  await once(trainer, 'close');
}

/** Writes a run that is under way in the process `trainer`. */
function writeTrained(directory: string) {
  const model = writeModel(directory, { provenance: { source: 'a.log' }, fields: { finished: false } });
  const history = join(directory, 'history.json');
  const run = JSON.parse(readFileSync(history, 'utf8'));
  writeFileSync(history, JSON.stringify({ ...run, status: { kind: 'running' } }));
  const lease = { process: trainer.pid, machine: nodeProcesses.machine, time: Date.now() };
  writeFileSync(join(directory, 'running.json'), JSON.stringify(lease));
  return model;
}

test('the list says it; continuing and deleting are refused until the training has ended', async () => {
  const extension = await Extension.start();
  try {
    const { directory } = writeTrained(join(extension.models, 'own'));
    await extension.refresh();
    const [model] = host.tree!.getChildren() as { directory: string }[];
    const described = () => host.tree!.getTreeItem(model as never) as { description: string };
    const messages = () =>
      host.shown.splice(0).flatMap(({ place, text }) => (place === 'message' ? [text] : []));
    expect(described().description).toContain('is being trained elsewhere');
    expect(described().description).not.toContain('cut short');
    messages();
    await host.commands.get('unroll.continueRun')!(model);
    expect(messages()).toEqual([
      expect.stringMatching(
        /^This run is being trained in another window.* Stop it there to continue it here/,
      ),
    ]);
    expect(await extension.told()).not.toContain('"continue"');
    host.answers.action = ([first]) => first;
    await host.commands.get('unroll.deleteModel')!(model, [model]);
    expect(messages()).toEqual([
      'The model of a.log is being trained in another window or on the command line. Stop that training to delete it.',
    ]);
    expect(existsSync(directory)).toBe(true);
    await kill();
    await extension.refresh();
    expect(described().description).toContain('cut short');
    await host.commands.get('unroll.continueRun')!(model);
    expect(await extension.told()).toContain('"continue"');
  } finally {
    host.answers.action = () => undefined;
    extension.dispose();
  }
});

test('a run of this window that fails is trained nowhere from then on', async () => {
  const root = mkdtempSync(join(folder, 'models-'));
  const models = new Models(root, new Choices(memento()), new Diary({ error() {} }), nodeProcesses);
  let say: (event: RunEvent) => void = () => {};
  const runs = new Runs((_, heard) => {
    say = heard;
    return { send() {}, temperature() {}, close() {}, kill: async () => {}, ended: new Promise(() => {}) };
  });
  const following = followTrained(models, runs);
  try {
    const { directory } = writeTrained(join(root, 'own'));
    void runs.start(trainRequest('', directory, {}));
    await models.refresh();
    expect(models.isTrained(directory)).toBe(true);
    await kill();
    say({ type: 'failed', message: 'The training worker ran out of memory.' });
    await expect.poll(() => models.isTrained(directory)).toBe(false);
  } finally {
    following.dispose();
    runs.dispose();
  }
});

test('the panel says it, and shows the run as it is when the training has ended', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const root = mkdtempSync(join(folder, 'models-'));
  const models = new Models(root, new Choices(memento()), new Diary({ error() {} }), nodeProcesses);
  const runs = new Runs(() => {
    throw new Error('Nothing is trained.');
  });
  const following = [
    keepShown(models, runs, memento(), nodeProcesses),
    followTrained(models, runs),
    keepModels(models, runs, { has: () => false } as never),
  ];
  try {
    const shown = () => runs.snapshot?.status;
    writeTrained(join(root, 'own'));
    await models.refresh();
    await expect.poll(shown).toEqual({ kind: 'elsewhere' });
    await kill();
    vi.advanceTimersByTime(renewalInterval);
    await expect
      .poll(shown)
      .toMatchObject({ kind: 'failed', message: expect.stringMatching(/^This run was cut short/) });
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
    for (const each of following) each.dispose();
    runs.dispose();
  }
});
