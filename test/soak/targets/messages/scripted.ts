// A worker that posts and does what its requests tell it to, right or wrong.
import { parentPort, workerData } from 'node:worker_threads';
import { type Act, wrongMessages } from './acts.ts';

const port = parentPort!;
/** The answers that are held back until the next request. */
let held: (() => void)[] = [];

function act(what: Act, id: number): void {
  switch (what) {
    case 'answer':
      port.postMessage({ type: 'answer', id, answer: id });
      return;
    case 'part':
      port.postMessage({ type: 'part', id, part: id });
      return;
    case 'cancelled':
      port.postMessage({ type: 'cancelled', id });
      return;
    case 'fail':
      port.postMessage({ type: 'failed', id, message: 'The scripted worker was told to fail.' });
      return;
    case 'answer another':
      port.postMessage({ type: 'answer', id: id + 1, answer: id });
      return;
    case 'answer late':
      held.push(() => act('answer', id));
      return;
    case 'throw':
      throw new Error('told to');
    case 'throw null':
      throw null;
    case 'reject':
      void Promise.reject(new Error('told to'));
      return;
    case 'exit':
      process.exit(1);
      return;
    case 'hang':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      return;
    case 'wait':
      port.on('message', () => {});
      return;
    default:
      port.postMessage(typeof what === 'number' ? wrongMessages[what % wrongMessages.length] : what);
  }
}

const perform = (acts: readonly Act[], id = 0) => {
  for (const each of acts) act(each, id);
};

if (workerData) perform(workerData.acts);
else
  port.on('message', (message) => {
    const due = held;
    held = [];
    for (const answer of due) answer();
    switch (message.type) {
      case 'ask':
        perform(message.request.acts, message.id);
        return;
      case 'tell':
        perform(message.notice.acts);
        return;
      case 'train':
        perform(message.request.acts);
        return;
      case 'close':
        port.close();
    }
  });
