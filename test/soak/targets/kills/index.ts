// Kills runs while they train and while they write.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import * as fc from 'fast-check';
import { startWasm } from '../../../../src/backend/wasm/engine.ts';
import { nodeFiles } from '../../../../src/platform/node/files.ts';
import { readManifest, readRun } from '../../../../src/store/modelFolder.ts';
import { openNetwork } from '../../../../src/worker/openNetwork.ts';
import { type Lifeline, lifeline } from '../../../platform/node/lifeline.ts';
import { trainRequest } from '../../../worker/trained.ts';
import { type Session, target } from '../../target.ts';
import { checkNothingLeft, sentenceOf } from '../store/sentences.ts';
import { assets, readKernels, text, tinyRun } from '../store/tinyRun.ts';
import type { ChildTask } from './child.ts';

type Input = {
  /** The cell of the finished run in the folder; null where the folder is empty. */
  readonly before: 'LSTM' | 'GRU' | null;
  /** The cell to train; null goes on with the run that is there. */
  readonly cell: 'GRU' | 'Elman' | null;
} & (
  | { readonly way: 'operation'; readonly operation: number }
  /** The run is killed so many milliseconds after it has begun. */
  | { readonly way: 'time'; readonly milliseconds: number }
  /** The host of a training in a process of its own is killed so many milliseconds after it has been started. */
  | { readonly way: 'host'; readonly milliseconds: number }
  /** The built command line is killed so many milliseconds after it has been started. */
  | { readonly way: 'command'; readonly milliseconds: number }
);

const trainingHost = join(import.meta.dirname, '../../../platform/node/trainingHost.ts');

/** Returns a run that lasts about as long as its host does. */
const hostRequest = (directory: string, cell: string) =>
  trainRequest(text, directory, {
    'model.layers': `${cell} 3`,
    'model.tokens': 'characters',
    'train.epochs': 60,
    'engine.threads': 2,
  });

/** Returns whether there is a process in the group that a run has led: the run itself, or one that it has started. */
function groupExists({ pid }: ChildProcess): boolean {
  try {
    process.kill(-pid!, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}

const what = {
  before: fc.constantFrom('LSTM' as const, 'GRU' as const, null),
  cell: fc.constantFrom('GRU' as const, 'Elman' as const, null),
};
const inputs: fc.Arbitrary<Input> = fc
  .oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        ...what,
        way: fc.constant('operation' as const),
        operation: fc.integer({ min: 1, max: 70 }),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        ...what,
        way: fc.constant('time' as const),
        milliseconds: fc.integer({ min: 0, max: 400 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        ...what,
        way: fc.constant('host' as const),
        milliseconds: fc.integer({ min: 300, max: 2500 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        ...what,
        way: fc.constant('command' as const),
        milliseconds: fc.integer({ min: 200, max: 1500 }),
      }),
    },
  )
  // An empty folder has no run to go on with, and the command line and the host only begin runs.
  .map((input) =>
    input.cell === null && (input.before === null || input.way === 'command' || input.way === 'host')
      ? { ...input, cell: 'GRU' }
      : input,
  );

async function open(): Promise<Session<Input>> {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-kills-'));
  const script = join(folder, 'child.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'child.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    loader: { '.rnn': 'text' },
    // TensorFlow.js is not started here.
    external: ['*/tfjs/engine.ts'],
    outfile: script,
    logLevel: 'error',
  });
  const textFile = join(folder, 'a.log');
  writeFileSync(textFile, text);
  const earlier = { LSTM: join(folder, 'LSTM'), GRU: join(folder, 'GRU') };
  for (const cell of ['LSTM', 'GRU'] as const) await tinyRun(nodeFiles, earlier[cell], cell);
  const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  const counts = {
    kills: 0,
    'ended before they were killed': 0,
    'of the command line': 0,
    'of a host with its trainer': 0,
    'left temporaries': 0,
    'models lost': 0,
    'runs that cannot go on': 0,
    'runs that had kept nothing': 0,
    'orphan processes': 0,
  };
  let number = 0;
  const running = new Set<ChildProcess>();
  /** A session that is ended in the middle of a case leaves no process. */
  const killRunning = () => {
    for (const child of running) child.kill('SIGKILL');
  };
  process.on('exit', killRunning);

  function start(input: Input, directory: string, env: NodeJS.ProcessEnv): ChildProcess {
    const args =
      input.way === 'command'
        ? [
            join(assets, 'cli.cjs'),
            ...['train', textFile, '--out', directory, '--cell', input.cell!, '--hidden', '3'],
            ...['--layers', '1', '--epochs', '4', '--tokens', 'characters', '--threads', '1'],
          ]
        : input.way === 'host'
          ? [trainingHost, JSON.stringify(hostRequest(directory, input.cell!))]
          : [
              script,
              JSON.stringify({
                assets,
                directory,
                cell: input.cell,
                operation: input.way === 'operation' ? input.operation : null,
              } satisfies ChildTask),
            ];
    return spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
      env,
    });
  }

  /**
   * Starts a run and kills it.
   * @returns whether it was killed, and how often it had saved by then
   */
  async function killed(input: Input, directory: string): Promise<{ killed: boolean; saved: number }> {
    const life = await lifeline();
    try {
      return await killedWith(life, input, directory);
    } finally {
      life.close();
    }
  }

  async function killedWith(
    life: Lifeline,
    input: Input,
    directory: string,
  ): Promise<{ killed: boolean; saved: number }> {
    const child = start(input, directory, life.env);
    running.add(child);
    child.once('close', () => running.delete(child));
    let said = '';
    const kill = (milliseconds: number) => setTimeout(() => child.kill('SIGKILL'), milliseconds);
    if (input.way === 'command' || input.way === 'host') kill(input.milliseconds);
    child.stdout!.on('data', (data) => {
      if (said === '' && input.way === 'time') kill(input.milliseconds);
      said += data;
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    if (signal === null && code !== 0) throw new Error(`The run ended with ${code}.`);
    if (input.way === 'host') {
      // The trainer of a host that is killed sees that by itself, also where it has not begun by then. This waits for ever if
      // it does not.
      if (groupExists(child)) await life.first();
      await life.gone();
      return { killed: true, saved: [...said].filter((c) => c === 's').length };
    }
    if (groupExists(child)) {
      counts['orphan processes']++;
      throw new Error('A process has outlived the run.');
    }
    const saved =
      input.way === 'command' ? Number(signal === null) : [...said].filter((c) => c === 's').length;
    return { killed: signal !== null, saved };
  }

  async function counted(failure: keyof typeof counts, act: () => unknown): Promise<void> {
    try {
      await act();
    } catch (error) {
      counts[failure]++;
      throw error;
    }
  }

  return {
    check: async (input) => {
      const directory = join(folder, `${++number}`);
      if (input.before) cpSync(earlier[input.before], directory, { recursive: true });
      const { killed: wasKilled, saved } = await killed(input, directory);
      counts[wasKilled ? 'kills' : 'ended before they were killed']++;
      if (input.way === 'command') counts['of the command line']++;
      if (input.way === 'host') counts['of a host with its trainer']++;
      const names = nodeFiles.stat(directory) ? readdirSync(directory) : [];
      if (names.some((name) => name.endsWith('.tmp'))) counts['left temporaries']++;
      if (names.includes('model.json') || input.before || saved > 0) {
        await counted('models lost', () => openNetwork(engine, nodeFiles, directory).predictor.dispose());
        await counted('runs that cannot go on', () =>
          tinyRun(nodeFiles, directory, null, { stopped: number % 4 > 0 }),
        );
      } else {
        counts['runs that had kept nothing']++;
        try {
          readRun(nodeFiles, directory);
          throw new Error('Something has been read that was never kept.');
        } catch (error) {
          const sentence = sentenceOf(error);
          if (!sentence.includes('has kept nothing yet')) throw new Error(`Not true: ${sentence}`);
        }
        await tinyRun(nodeFiles, directory, 'GRU', { stopped: true });
      }
      checkNothingLeft(readdirSync(directory), readManifest(nodeFiles, directory));
      rmSync(directory, { recursive: true });
    },
    figures: () => counts,
    close: async () => {
      process.off('exit', killRunning);
      killRunning();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const kills = target<Input>({
  name: 'kills',
  claim: 'whenever a run is killed, a whole model is left that can go on, or the truth that nothing was kept',
  weight: 2,
  inputs,
  open,
});
