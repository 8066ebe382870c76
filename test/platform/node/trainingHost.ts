// A host that trains in a process of its own and says on its standard output how often it has heard of
// progress (`p`), and of a model on disk (`s`). Its argument is a TrainRequest; it never ends by itself.

import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { startTrainer } from '../../../src/editor/workers/trainerClient.ts';
import { startProcess, trainerOptions } from '../../../src/platform/node/startWorker.ts';

const alive = join(import.meta.dirname, 'alive.cjs');
const script = join(import.meta.dirname, '../../../out/trainer.cjs');
const trainer = startTrainer(
  () => startProcess(script, [...trainerOptions, '--require', alive]),
  { type: 'train', request: JSON.parse(process.argv[2]) },
  ({ type }) => {
    if (type === 'saved') writeSync(1, 's');
    if (type === 'paused') trainer.send({ type: 'resume' });
    if (type !== 'progress') return;
    writeSync(1, 'p');
    // A pause saves the run.
    trainer.send({ type: 'pause' });
  },
);
