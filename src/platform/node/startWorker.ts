// Starts workers, as threads or as processes, and connects them to the host.
import { type ChildProcess, fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { Port, PortFault } from '../../protocol/port.ts';

/**
 * The limits of the training worker. Few of its objects live at a time; by default V8 would let more garbage
 * pile up in the young generation.
 */
export const trainerLimits: ResourceLimits = { maxYoungGenerationSizeMb: 3 };

/** The limits of the prediction worker, whose young generation else grows to a hundred megabytes of garbage. */
export const predictorLimits: ResourceLimits = { maxYoungGenerationSizeMb: 6 };

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

/** Returns the options of a process with the same limits: the young generation is three semi-spaces. */
const optionsOf = ({ maxYoungGenerationSizeMb }: ResourceLimits): readonly string[] => [
  `--max-semi-space-size=${maxYoungGenerationSizeMb! / 3}`,
];

export const trainerOptions = optionsOf(trainerLimits);
export const predictorOptions = optionsOf(predictorLimits);

/**
 * Starts a worker as a process, which can have options of V8 of its own. Its priority is below normal, so that it takes
 * what the editor leaves of the processor's cores.
 * @param script the path of its script
 * @param options the options of Node and V8
 * @param execPath the program that runs it
 */
export function startProcess(
  script: string,
  options: readonly string[] = [],
  execPath: string = process.execPath,
): Port {
  try {
    const child = fork(script, {
      execPath,
      execArgv: [...options],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // In VS Code the executable is Electron, which acts as Node with this variable.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    yieldToOthers(child);
    return processPort(child);
  } catch (error) {
    return deadPort({ kind: 'notStarted', message: (error as Error).message });
  }
}

function yieldToOthers({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or a policy forbids it; it then runs as any other process.
  }
}

/** The port of a worker that could not be started. */
const deadPort = (fault: PortFault): Port => ({
  post() {},
  listen: ({ failed, ended }) =>
    queueMicrotask(() => {
      failed(fault);
      ended();
    }),
  close: async () => {},
});

/** The characters of the standard error that are kept. */
const charactersKept = 4000;

function processPort(child: ChildProcess): Port {
  const end = Promise.withResolvers<PortFault | null>();
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-charactersKept);
  });
  let hasSpoken = false;
  let isKilled = false;
  child.once('message', () => {
    hasSpoken = true;
  });
  // This comes after the last message and the last error; a process that could not be started has none.
  child.once('close', (code, signal) =>
    end.resolve(isKilled ? null : faultOf(code, signal, errors, hasSpoken)),
  );
  child.once('error', ({ message }) => {
    if (child.pid === undefined) end.resolve({ kind: 'notStarted', message });
  });
  return {
    // The messages to a process that has ended are lost, as those to a thread are.
    post: (message) => child.send(message as object, () => {}),
    listen(listener) {
      child.on('message', listener.message);
      void end.promise.then((fault) => {
        if (fault) listener.failed(fault);
        listener.ended();
      });
    },
    async close() {
      isKilled = true;
      child.kill('SIGKILL');
      await end.promise;
    },
  };
}

/** The exit codes from here on stand for signals and, on Windows, for faults of the processor. */
const firstFaultCode = 128;

/** Returns why a process has ended; null if nothing was wrong. @param errors the end of its standard error */
function faultOf(
  code: number | null,
  signal: string | null,
  errors: string,
  hasSpoken: boolean,
): PortFault | null {
  if (code === 0) return null;
  if (/out of memory/i.test(errors)) return { kind: 'outOfMemory' };
  if (signal !== null) return { kind: 'died', how: signal };
  const how = `exit code ${code}`;
  if (code === null || code >= firstFaultCode) return { kind: 'died', how };
  const message = /^(?:\w*Error: |.*(?=bad option))(.*)$/m.exec(errors)?.[1];
  if (!hasSpoken) return { kind: 'notStarted', message: message ?? how };
  return message === undefined ? { kind: 'died', how } : { kind: 'error', message };
}
