// The training worker: one run, told to the host as it goes.
import { performance } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';
import { Problem } from '../protocol/problem.ts';
import { appendPoints, emptyPoints, type RunProgress } from '../protocol/run.ts';
import type { HostToTrainer, TrainerToHost, TrainRequest } from '../protocol/trainer.ts';
import { run } from './run.ts';

/** Milliseconds between two messages about progress. */
const interval = 100;

const port = parentPort!;
const post = (message: TrainerToHost) => port.postMessage(message);
const abort = new AbortController();

port.on('message', (message: HostToTrainer) => {
  switch (message.type) {
    case 'train':
      void train(message.request);
      return;
    case 'stop':
      abort.abort();
  }
});

async function train(request: TrainRequest): Promise<void> {
  let sent = 0;
  let points = emptyPoints();
  let latest: RunProgress | null = null;
  const flush = () => {
    if (latest) post({ type: 'progress', progress: latest, points });
    points = emptyPoints();
    sent = performance.now();
  };
  try {
    const result = await run(request, __dirname, abort.signal, {
      started: (start) => post({ type: 'started', start }),
      progress: (progress, fresh) => {
        latest = progress;
        appendPoints(points, fresh);
        if (performance.now() - sent >= interval) flush();
      },
      saved: (directory) => post({ type: 'saved', directory }),
    });
    flush();
    post({ type: 'done', result, directory: request.directory });
  } catch (error) {
    flush();
    const message =
      error instanceof Problem
        ? error.message
        : `The training failed because of a mistake in Unroll: ${(error as Error).message}`;
    post({ type: 'failed', message });
  } finally {
    port.close();
  }
}
