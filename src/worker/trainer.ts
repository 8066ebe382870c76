// The training worker: one run, told to the host as it goes.
import { performance } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';
import { Problem } from '../protocol/problem.ts';
import { appendPoints, emptyPoints, type RunProgress } from '../protocol/run.ts';
import type { HostToTrainer, TrainerToHost, TrainRequest } from '../protocol/trainer.ts';
import { Controls } from '../training/controls.ts';
import { run } from './run.ts';

/** Milliseconds between two messages about progress. */
const interval = 100;

const port = parentPort!;
const post = (message: TrainerToHost) => port.postMessage(message);
const controls = new Controls();

port.on('message', (message: HostToTrainer) => {
  switch (message.type) {
    case 'train':
      void train(message.request);
      return;
    case 'control':
      controls.send(message.command);
      return;
    case 'close':
      controls.close();
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
    await run(request, __dirname, controls, {
      started: (start) => {
        latest = null;
        points = emptyPoints();
        post({ type: 'started', start });
      },
      progress: (progress, fresh) => {
        latest = progress;
        appendPoints(points, fresh);
        if (performance.now() - sent >= interval) flush();
      },
      paused: () => {
        flush();
        post({ type: 'paused' });
      },
      resumed: () => post({ type: 'resumed' }),
      saved: (directory) => post({ type: 'saved', directory }),
      ended: (result) => {
        flush();
        post({ type: 'done', result, directory: request.directory });
      },
    });
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
