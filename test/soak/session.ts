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
let reported = '';
const report = () => {
  reportedAt = performance.now();
  const figures = session.figures();
  reported = JSON.stringify(figures);
  post({ type: 'progress', cases, figures });
};
// A check that takes minutes has not hung as long as its figures change.
const watch = setInterval(() => {
  if (JSON.stringify(session.figures()) !== reported) report();
}, interval);
const tried = task.input === undefined ? target : { ...target, all: () => [task.input] };
const tries = new Tries(tried, session, task, {
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
  clearInterval(watch);
  await session.close();
}
process.disconnect();
