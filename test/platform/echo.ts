// A worker that posts every message back, except for those that end it, and one to which it says its priority.
import { getPriority } from 'node:os';
import { hostPort } from '../../src/platform/node/hostPort.ts';

const port = hostPort();
port.listen({
  message(message) {
    if (message === 'close') void port.close();
    else if (message === 'throw') throw new Error('told to');
    else if (message === 'die') process.kill(process.pid, 'SIGSEGV');
    else port.post(message === 'priority' ? getPriority() : message);
  },
  failed() {},
  ended() {},
});
