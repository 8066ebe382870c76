// Starts workers, as threads or as processes, and connects them to the host.
import { fork } from 'node:child_process';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { Port } from '../../protocol/port.ts';

/**
 * The limits of the training worker. Few of its objects live at a time; by default V8 would let more garbage
 * pile up in the young generation.
 */
export const trainerLimits: ResourceLimits = { maxYoungGenerationSizeMb: 3 };

/** Starts a worker as a thread. @param script the path of its script */
export function startThread(script: string, resourceLimits: ResourceLimits = {}): Port {
  const worker = new Worker(script, { resourceLimits });
  return {
    post: (message) => worker.postMessage(message),
    listen({ message, failed, ended }) {
      worker.on('message', message);
      worker.on('messageerror', () => failed({ kind: 'unreadable' }));
      worker.on('error', (error: unknown) => {
        if ((error as NodeJS.ErrnoException | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY')
          failed({ kind: 'outOfMemory' });
        else failed({ kind: 'error', message: String(error instanceof Error ? error.message : error) });
      });
      worker.on('exit', ended);
    },
    close: async () => {
      await worker.terminate();
    },
  };
}

/**
 * Starts a worker as a process, which can have options of V8 of its own.
 * @param script the path of its script
 * @param options the options of Node and V8
 */
export function startProcess(script: string, options: readonly string[] = []): Port {
  const child = fork(script, {
    execArgv: [...options],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // In VS Code the executable is Electron, which acts as Node with this variable.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  // A process that could not be started has no `exit`.
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  child.once('exit', () => end());
  child.once('error', () => end());
  return {
    // The messages to a process that has ended are lost, as those to a thread are.
    post: (message) => child.send(message as object, () => {}),
    listen(listener) {
      child.on('message', listener.message);
      child.on('error', ({ message }) => listener.failed({ kind: 'error', message }));
      void ended.then(listener.ended);
    },
    close() {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
