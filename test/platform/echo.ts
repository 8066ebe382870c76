// A worker that posts every message back, except for those that end it.
import { hostPort } from '../../src/platform/node/hostPort.ts';

const port = hostPort();
port.listen({
  message(message) {
    if (message === 'close') void port.close();
    else if (message === 'throw') throw new Error('told to');
    else port.post(message);
  },
  failed() {},
  ended() {},
});
