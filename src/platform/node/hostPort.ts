// The worker's end of the connection to the host that has started it.
import { type MessagePort, parentPort } from 'node:worker_threads';
import type { Port } from '../../protocol/port.ts';

/** Returns the port of the thread, or of the process where the worker is one. */
export const hostPort = (): Port => (parentPort ? messagePort(parentPort) : processPort());

/** Returns one end of a channel of Node's, such as that between a thread and its host. */
export function messagePort(port: MessagePort): Port {
  return {
    post: (message) => port.postMessage(message),
    listen({ message, failed, ended }) {
      port.on('message', message);
      port.on('messageerror', () => failed({ kind: 'unreadable' }));
      port.on('close', ended);
    },
    close: async () => port.close(),
  };
}

function processPort(): Port {
  /** Settles when everything posted has been sent. */
  let sent = Promise.resolve();
  // The process is of no use without its host, and its threads would keep it alive.
  process.once('disconnect', () => process.exit());
  return {
    post(message) {
      const { promise, resolve } = Promise.withResolvers<void>();
      process.send!(message, undefined, undefined, () => resolve());
      sent = promise;
    },
    listen({ message, ended }) {
      process.on('message', message);
      process.once('disconnect', ended);
    },
    async close() {
      await sent;
      process.disconnect();
    },
  };
}
