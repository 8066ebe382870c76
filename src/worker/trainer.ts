// The training worker does one run and reports its progress to the host.
import type { Port } from '../protocol/port.ts';
import {
  appendPoints,
  emptyPoints,
  type RunPoints,
  type RunProgress,
  type RunResult,
  type RunStart,
} from '../protocol/run.ts';
import {
  type TrainerEvent,
  type TrainerRequest,
  type TrainerService,
  type TrainRequest,
  trainerNotices,
} from '../protocol/trainer.ts';
import type { Files } from '../store/files.ts';
import { type Earlier, readRun } from '../store/modelFolder.ts';
import { Controls } from '../training/controls.ts';
import type { Platform } from './platform.ts';
import { run } from './run.ts';
import type { RunListener } from './runRecorder.ts';
import { serve } from './workerChannel.ts';

/** The milliseconds between two events about progress. */
const interval = 100;

/** Begins to serve as a trainer, which closes its port after its one run. */
export function serveTrainer(port: Port, platform: Platform): void {
  const controls = new Controls();
  const { say } = serve<TrainerService>(port, platform.breathe, {
    name: 'The training',
    answer: async (asked) => {
      const reporter = new Reporter(asked.request.directory, say);
      try {
        const { request, earlier } = read(asked, platform.files);
        await run(request, platform, controls, reporter, earlier, asked);
      } catch (error) {
        reporter.flush();
        throw error;
      }
      return null;
    },
    answered: () => void port.close(),
    notices: {
      types: trainerNotices,
      listen(notice) {
        switch (notice.type) {
          case 'temperature':
            controls.temperature = notice.value;
            return;
          case 'control':
            controls.send(notice.command);
            return;
          case 'close':
            controls.close();
        }
      },
    },
  });
}

/**
 * Returns the request of a training. A run that is continued is the stored request, on the text that is kept with
 * it. @throws Problem when some of it cannot be read
 */
function read(asked: TrainerRequest, files: Files): { request: TrainRequest; earlier: Earlier | null } {
  if (asked.type === 'train') return { request: asked.request, earlier: null };
  const { directory, settings, documents } = asked.request;
  const { request, earlier } = readRun(files, directory, documents);
  return { request: { ...request, settings: { ...request.settings, ...settings } }, earlier };
}

/** Reports a run as events, progress not too often. */
class Reporter implements RunListener {
  readonly #directory: string;
  readonly #say: (event: TrainerEvent) => void;
  #sent = 0;
  #points = emptyPoints();
  #latest: RunProgress | null = null;

  constructor(directory: string, say: (event: TrainerEvent) => void) {
    this.#directory = directory;
    this.#say = say;
  }

  /** Reports the progress that has not been reported yet. */
  flush(): void {
    if (this.#latest) this.#say({ type: 'progress', progress: this.#latest, points: this.#points });
    this.#points = emptyPoints();
    this.#sent = performance.now();
  }

  started(start: RunStart): void {
    this.#latest = null;
    this.#points = emptyPoints();
    this.#say({ type: 'started', start });
  }

  progress(progress: RunProgress, points: RunPoints): void {
    this.#latest = progress;
    appendPoints(this.#points, points);
    if (performance.now() - this.#sent >= interval) this.flush();
  }

  paused(): void {
    this.flush();
    this.#say({ type: 'paused' });
  }

  resumed(): void {
    this.#say({ type: 'resumed' });
  }

  saved(directory: string): void {
    this.#say({ type: 'saved', directory });
  }

  ended(result: RunResult): void {
    this.flush();
    this.#say({ type: 'done', result, directory: this.#directory });
  }
}
