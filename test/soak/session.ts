// Runs one target in a process of its own, whose argument is a SoakTask.
import { keepFailure } from './failure.ts';
import type { SoakMessage, SoakTask } from './protocol.ts';
import { targets } from './targets/index.ts';
import { Tries } from './tries.ts';

/** The least time between two reports, in milliseconds. */
const interval = 1000;

const task: SoakTask = JSON.parse(process.argv[2]);
const target = targets.find(({ name }) => name === task.name)!;
const post = (message: SoakMessage) => process.send!(message);
// This process must not outlive the one that started it.
process.once('disconnect', () => process.exit());

const session = await target.open();
let cases = 0;
let reportedAt = 0;
const report = () => {
  reportedAt = performance.now();
  post({ type: 'progress', cases, figures: session.figures() });
};
const tries = new Tries(target, session, task, {
  batch: (seed) => post({ type: 'batch', seed }),
  failed: (failure) => post({ type: 'failure', failure, file: keepFailure(target.name, failure) }),
  tried: (count) => {
    cases = count;
    if (performance.now() - reportedAt > interval) report();
  },
});
try {
  const complete = await tries.run();
  report();
  post({ type: 'done', complete });
} finally {
  await session.close();
}
process.disconnect();
