// A worker that posts and does what its requests and notices tell it to, right or wrong.
import { hostPort } from '../../../../src/platform/node/hostPort.ts';
import { type Act, wrongMessages } from './acts.ts';

const port = hostPort();
/** The answers that are held back until the next message. */
let held: (() => void)[] = [];

function act(what: Act, id: number): void {
  switch (what) {
    case 'answer':
      port.post({ type: 'answer', id, answer: id });
      return;
    case 'part':
      port.post({ type: 'part', id, part: id });
      return;
    case 'cancelled':
      port.post({ type: 'cancelled', id });
      return;
    case 'fail':
      port.post({ type: 'failed', id, message: 'The scripted worker was told to fail.' });
      return;
    case 'answer another':
      port.post({ type: 'answer', id: id + 1, answer: id });
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
    case 'close':
      void port.close();
      return;
    case 'wait':
      return;
    default:
      if (typeof what === 'number') port.post(wrongMessages[what % wrongMessages.length]);
      else if (what.type === 'failed') act('fail', id);
      else port.post({ type: 'event', event: what });
  }
}

interface Script {
  readonly acts: readonly Act[];
}

const perform = ({ acts }: Script, id = 0) => {
  for (const each of acts) act(each, id);
};

type Message =
  | {
      readonly type: 'request';
      readonly id: number;
      readonly request: Script | { readonly type: 'train'; readonly request: Script };
    }
  | { readonly type: 'cancel' }
  | { readonly type: 'notice'; readonly notice: { readonly type: string } & Partial<Script> };

port.listen({
  message(said) {
    const due = held;
    held = [];
    for (const answer of due) answer();
    const message = said as Message;
    switch (message.type) {
      case 'request': {
        const { id, request } = message;
        perform('acts' in request ? request : request.request, id);
        return;
      }
      case 'notice': {
        const { type, acts } = message.notice;
        if (acts) perform({ acts });
        if (type === 'close') void port.close();
      }
    }
  },
  failed() {},
  ended() {},
});
