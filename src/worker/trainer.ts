// The training worker does one run and reports its progress to the host.
import { performance } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';
import { nodeFiles } from '../platform/node/files.ts';
import { appendPoints, emptyPoints, type RunProgress } from '../protocol/run.ts';
import type { ContinueRequest, HostToTrainer, TrainerToHost, TrainRequest } from '../protocol/trainer.ts';
import { type Earlier, readRun } from '../store/modelFolder.ts';
import { Controls } from '../training/controls.ts';
import { run } from './run.ts';
import type { RunListener } from './runRecorder.ts';
import { sayError } from './sayError.ts';

/** The milliseconds between two messages about progress. */
const interval = 100;

const port = parentPort!;
const post = (message: TrainerToHost) => port.postMessage(message);
const controls = new Controls();

port.on('message', (message: HostToTrainer) => {
  switch (message.type) {
    case 'train':
      void train(() => ({ request: message.request, earlier: null }));
      return;
    case 'continue':
      void train(() => readAgain(message.request));
      return;
    case 'temperature':
      controls.temperature = message.value;
      return;
    case 'control':
      controls.send(message.command);
      return;
    case 'close':
      controls.close();
  }
});

/**
 * Reads the stored request, on the text that is kept with it. @throws Problem when some of it cannot be read
 */
function readAgain({ directory, settings }: ContinueRequest): Asked {
  const { request, earlier } = readRun(nodeFiles, directory);
  return { request: { ...request, settings: { ...request.settings, ...settings } }, earlier };
}

interface Asked {
  readonly request: TrainRequest;
  readonly earlier: Earlier | null;
}

async function train(read: () => Asked): Promise<void> {
  let sent = 0;
  let points = emptyPoints();
  let latest: RunProgress | null = null;
  const flush = () => {
    if (latest) post({ type: 'progress', progress: latest, points });
    points = emptyPoints();
    sent = performance.now();
  };
  try {
    const { request, earlier } = read();
    const listener: RunListener = {
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
    };
    await run(request, __dirname, nodeFiles, controls, listener, earlier);
  } catch (error) {
    flush();
    post({ type: 'failed', message: sayError('The training', error) });
  } finally {
    port.close();
  }
}
