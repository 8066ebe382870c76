// The inspector: answers one request after the other, in the order in which they came; one that was cancelled
// computes nothing more.
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { Pause } from '../completion/trail.ts';
import type {
  Answers,
  HostToInspector,
  InspectorRequest,
  InspectorToHost,
  ModelReference,
} from '../protocol/inspector.ts';
import { Problem } from '../protocol/problem.ts';
import { diagnose } from './diagnose.ts';
import { startEngine } from './engines.ts';
import { InspectedModel } from './inspectedModel.ts';

/** Milliseconds of computing before messages, such as a cancellation, are let in. */
const slice = 4;

/** Milliseconds between two parts of a text that is being generated. */
const interval = 50;

/** Models that are kept open. */
const maximumModels = 2;

class Cancelled extends Error {}

const port = parentPort!;
const post = (message: InspectorToHost) => port.postMessage(message);
const engine = startEngine(__dirname, { kind: 'auto', threads: 1 }).then((start) => start.engine);
/** By folder, the last one asked for last. */
const models = new Map<string, InspectedModel>();
const cancelled = new Set<number>();
let queue: Promise<void> = Promise.resolve();

port.on('message', (message: HostToInspector) => {
  const { id } = message;
  if (message.type === 'cancel') cancelled.add(id);
  else
    queue = queue.then(async () => {
      post(await reply(id, message.request));
      cancelled.delete(id);
    });
});

async function reply(id: number, request: InspectorRequest): Promise<InspectorToHost> {
  let resumed = performance.now();
  const pause: Pause = async () => {
    if (performance.now() - resumed > slice) {
      await setImmediate();
      resumed = performance.now();
    }
    if (cancelled.has(id)) throw new Cancelled();
  };
  try {
    await setImmediate();
    await pause();
    return { type: 'answer', id, answer: await answer(id, request, pause) };
  } catch (error) {
    if (error instanceof Cancelled) return { type: 'cancelled', id };
    if (error instanceof Problem) return { type: 'failed', id, message: error.message };
    return { type: 'failed', id, message: `a mistake in Unroll. ${(error as Error).stack}` };
  }
}

async function answer(
  id: number,
  request: InspectorRequest,
  pause: Pause,
): Promise<Answers[InspectorRequest['kind']]> {
  if (request.kind === 'diagnose') return diagnose(await engine);
  const model = await open(request);
  switch (request.kind) {
    case 'surprise':
      return model.surprise(request.passage, request.company, pause);
    case 'units':
      return model.units(request.text, pause);
    case 'activations':
      return model.activations(request.passage, request.unit, pause);
    case 'generate': {
      let written = '';
      let posted = performance.now();
      const flush = () => {
        if (written !== '') post({ type: 'written', id, text: written });
        written = '';
        posted = performance.now();
      };
      const generated = await model.generate(request, pause, (text) => {
        written += text;
        if (performance.now() - posted > interval) flush();
      });
      flush();
      return generated;
    }
  }
}

async function open({ model: directory, revision }: ModelReference): Promise<InspectedModel> {
  const known = models.get(directory);
  const model =
    known?.revision === revision
      ? known
      : new InspectedModel(await engine, directory, revision, known ?? null);
  if (known && known !== model) known.dispose();
  models.delete(directory);
  models.set(directory, model);
  const [oldest] = models.keys();
  if (models.size > maximumModels) {
    models.get(oldest)!.dispose();
    models.delete(oldest);
  }
  return model;
}
