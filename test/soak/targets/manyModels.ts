// Runs the prediction worker as the host does, over many models, some of which are replaced or deleted
// meanwhile.
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import * as fc from 'fast-check';
import { builtinCells } from '../../../src/cells/index.ts';
import { Tokenizer } from '../../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { PredictorClient } from '../../../src/editor/workers/predictorClient.ts';
import type { WorkerToHost } from '../../../src/protocol/channel.ts';
import type { PredictorService } from '../../../src/protocol/predictor.ts';
import { random } from '../../../src/tape/random.ts';
import { writeRandomModel } from '../../worker/randomModel.ts';
import { start } from '../../worker/trained.ts';
import type { Session, Target } from '../target.ts';
import { kinds, write } from '../texts.ts';

interface Input {
  /** The number of models, which are opened one after the other. */
  readonly models: number;
  /** The number of suggestions that each model is asked for. */
  readonly suggestions: number;
  readonly seed: number;
}

/**
 * The number of models that are opened before memory is measured: as many of these small ones as the worker keeps open,
 * and some more.
 */
const warmUp = 40;

/**
 * The megabytes by which memory may grow after that. A model that stays open takes at least 5, so that a leak
 * of one of a few dozen is noticed.
 */
const growth = 120;

/** The number of open files and threads by which the count at the end may exceed the early one. */
const spareHandles = 4;

export const manyModels: Target<Input> = {
  name: 'many-models',
  claim:
    'memory and handles do not grow with the models that were opened, and every request is answered once',
  weight: 1,
  inputs: fc.record({
    models: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 1, max: 60 }) },
      { weight: 1, arbitrary: fc.constant(500) },
    ),
    suggestions: fc.constantFrom(4, 20, 100),
    seed: fc.nat(),
  }),
  open,
};

async function open(): Promise<Session<Input>> {
  const directory = mkdtempSync(join(tmpdir(), 'unroll-soak-models-'));
  const sources = kinds.map((kind) => {
    const text = write(2000, 5);
    const tokenizer = Tokenizer.learn(kind, Vocabulary.of(text), text.repeat(4));
    const folder = join(directory, kind);
    writeRandomModel(folder, { tokenizer, cells: { GRU: builtinCells.get('GRU')! }, text });
    return folder;
  });
  const lines = write(3000, 5).split('\n');
  const figures: Record<string, number> = { 'models, opened': 0, 'requests, answered': 0 };
  const least = (name: string, value: number) => (figures[name] = Math.min(figures[name] ?? value, value));
  const most = (name: string, value: number) => (figures[name] = Math.max(figures[name] ?? value, value));

  async function check({ models, suggestions, seed }: Input): Promise<void> {
    const next = random(seed);
    const below = (count: number) => Math.floor(next() * count);
    const answers = new Map<number, number>();
    let worker: Worker | null = null;
    const hear = (started: Worker) => {
      worker = started;
      started.on('message', (message: WorkerToHost<PredictorService>) => {
        if (message.type === 'part' || message.type === 'event') return;
        answers.set(message.id, (answers.get(message.id) ?? 0) + 1);
      });
    };
    process.on('worker', hear);
    const handles = openHandles();
    const client = new PredictorClient(start('predictor'), { suggested() {} });
    let asked = 0;
    let early: { readonly memory: number; readonly handles: number } | null = null;

    const ask = async (
      model: string,
      revision: string,
      cancel: boolean,
    ): Promise<'answer' | 'cancelled' | string> => {
      const at = below(lines.length - 4);
      const before = `${lines.slice(at, at + 3).join('\n')}\n${lines[at + 3].slice(0, below(8))}`;
      const abort = new AbortController();
      const request = {
        ...{ model, revision, document: `document ${below(3)}`, offset: 0, before, after: '' },
        ...{
          typed: below(before.length),
          confidence: 0.3,
          reading: 0.25,
          maxLength: 30,
          count: 1 + below(3),
        },
      };
      asked++;
      const answer = client.suggest(request, abort.signal);
      if (cancel) abort.abort();
      try {
        return (await answer) === null ? 'cancelled' : 'answer';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const expect = (found: string, ...wanted: string[]) => {
      if (!wanted.some((each) => found.includes(each)))
        throw new Error(
          `A request ended in '${found}', not in ${wanted.map((each) => `'${each}'`).join(' or ')}.`,
        );
    };

    try {
      for (let n = 0; n < models; n++) {
        const model = join(directory, `model ${n}`);
        const write = () => cpSync(sources[below(sources.length)], model, { recursive: true });
        write();
        client.know({ model, revision: '1', text: lines.slice(0, 40).join('\n') });
        // These requests arrive while the model is being opened.
        const burst = Array.from({ length: Math.min(suggestions, 1 + below(6)) }, async () => {
          const cancel = next() < 0.3;
          expect(await ask(model, '1', cancel), 'answer', ...(cancel ? ['cancelled'] : []));
        });
        await Promise.all(burst);
        for (let left = suggestions - burst.length; left > 0; left--)
          expect(await ask(model, '1', false), 'answer');
        if (next() < 0.3) {
          // The model is deleted while it is open, which an open model need not notice; then another one
          // takes its place. Where all requests of the burst were cancelled, it has not been opened yet.
          expect(await ask(model, '1', false), 'answer');
          rmSync(model, { recursive: true });
          expect(await ask(model, '1', false), 'answer');
          const missing = ask(model, '2', false);
          expect(await missing, 'no whole Unroll model');
          write();
          expect(await ask(model, '3', false), 'answer');
        }
        // An earlier model may have been closed since.
        if (n > 0) expect(await ask(join(directory, `model ${below(n)}`), '1', false), 'answer');
        figures['models, opened']++;
        if (n + 1 === warmUp) early = { memory: await megabytes(worker!), handles: openHandles() };
      }
      if (early !== null && models > warmUp) {
        const late = { memory: await megabytes(worker!), handles: openHandles() };
        least('memory after warming up, MB', early.memory);
        most('memory at the end, MB', late.memory);
        most('resident memory of the process, MB', Math.round(process.memoryUsage().rss / 2 ** 20));
        most('handles more than after warming up', late.handles - early.handles);
        if (late.memory - early.memory > growth)
          throw new Error(
            `Memory grew from ${early.memory} MB after ${warmUp} models to ${late.memory} MB after ${models}: by more than ${growth} MB.`,
          );
        if (late.handles - early.handles > spareHandles)
          throw new Error(
            `${late.handles} handles are open after ${models} models, and ${early.handles} after ${warmUp}.`,
          );
      }
      for (const [id, count] of answers)
        if (count !== 1) throw new Error(`Request ${id} was answered ${count} times.`);
      if (answers.size !== asked) throw new Error(`Of ${asked} requests, ${answers.size} were answered.`);
      figures['requests, answered'] += asked;
    } finally {
      process.off('worker', hear);
      const ended = worker && once(worker, 'exit');
      client.dispose();
      await ended;
      for (const name of readdirSync(directory))
        if (name.startsWith('model ')) rmSync(join(directory, name), { recursive: true });
    }
    const left = openHandles() - handles;
    if (left > spareHandles) throw new Error(`${left} handles stay open after the worker has ended.`);
  }

  return {
    check,
    figures: () => figures,
    async close() {
      rmSync(directory, { recursive: true });
    },
  };
}

/**
 * Returns the memory of the worker and its arrays, in megabytes, after the garbage collection with which a
 * snapshot of its heap begins.
 */
async function megabytes(worker: Worker): Promise<number> {
  // Node crashes when a snapshot is not read to its end.
  for await (const _ of await worker.getHeapSnapshot());
  const { used_heap_size, external_memory } = await worker.getHeapStatistics();
  return Math.round((used_heap_size + external_memory) / 2 ** 20);
}

/** Returns the number of open files and threads; 0 where the system does not tell. */
function openHandles(): number {
  if (!existsSync('/proc/self/fd')) return 0;
  return readdirSync('/proc/self/fd').length + readdirSync('/proc/self/task').length;
}
