// Does the work of a command in a thread of its own. The main thread is free to obey a signal meanwhile, which it could not
// while it computes.
import { once } from 'node:events';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { Problem } from '../protocol/problem.ts';
import { sayError } from '../worker/sayError.ts';
import { interruptible } from './interruption.ts';

type Answer<Result> = { readonly result: Result } | { readonly problem: string };

/**
 * Has a task done in a thread that runs this program, which calls `answerTask`.
 * @param prepare returns the task
 * @param sentence what is said where a signal ends the work
 * @throws Problem for everything that the user can mend
 */
export async function inThread<Result>(prepare: () => Promise<unknown>, sentence: string): Promise<Result> {
  const { promise, resolve } = Promise.withResolvers<Answer<Result>>();
  await interruptible(
    sentence,
    () => {},
    async () => {
      try {
        const worker = new Worker(__filename, { workerData: await prepare() });
        const [answer] = await once(worker, 'message');
        resolve(answer);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
        throw new Problem('There is too little memory for this file: take a part of it.');
      }
    },
  );
  const answer = await promise;
  if ('problem' in answer) throw new Problem(answer.problem);
  return answer.result;
}

/** Does the task of this thread. @param name the name of the command, for messages */
export async function answerTask<Task, Result>(
  name: string,
  work: (task: Task) => Promise<Result>,
): Promise<void> {
  const answer = await work(workerData).then(
    (result): Answer<Result> => ({ result }),
    (error): Answer<Result> => ({ problem: sayError(name, error) }),
  );
  parentPort!.postMessage(answer);
}
