// Replaces `node:worker_threads` for the extension: its workers run in this thread, because starting a thread
// takes longer than all that a worker without work does.
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Posts a copy of the message in a turn of its own, as another thread would get it. */
const post = (to: EventEmitter, message: unknown, arrived = () => {}) => {
  const copy = structuredClone(message);
  setImmediate(() => {
    to.emit('message', copy);
    arrived();
  });
};

let lastArrival: Promise<void> = Promise.resolve();

/** Settles when all messages that were posted to workers until now have arrived, which they do in order. */
export const arrivals = (): Promise<void> => lastArrival;

export class Worker extends EventEmitter {
  readonly #inside = new EventEmitter();
  #ended = false;

  constructor(script: string) {
    super();
    const parentPort = {
      on: (event: string, listener: (message: unknown) => void) => this.#inside.on(event, listener),
      postMessage: (message: unknown) => post(this, message),
      close: () => setImmediate(() => this.#end()),
    };
    const load = (name: string) => (name === 'node:worker_threads' ? { parentPort } : require(name));
    setImmediate(() => new Function('require', readFileSync(script, 'utf8'))(load));
  }

  postMessage(message: unknown): void {
    // The message must not arrive before the script has run.
    const { promise, resolve } = Promise.withResolvers<void>();
    lastArrival = promise;
    setImmediate(() => post(this.#inside, message, resolve));
  }

  async terminate(): Promise<number> {
    this.#end();
    return 0;
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#inside.removeAllListeners();
    this.emit('exit', 0);
  }
}
