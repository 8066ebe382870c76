// Sends requests to a worker that behaves well or badly, through the client that all such workers share.
import * as fc from 'fast-check';
import { WorkerClient } from '../../../../src/editor/workers/workerClient.ts';
import type { StartWorker } from '../../../../src/protocol/port.ts';
import { type Act, answering } from './acts.ts';
import { type Host, isSentence, turns } from './host.ts';

/** The behaviour of a scripted worker. It answers a request with its number. */
export interface ScriptedService {
  readonly request: { readonly acts: readonly Act[] };
  readonly answer: number;
  readonly part: number;
  readonly notice: { readonly type: 'acts'; readonly acts: readonly Act[] };
  readonly event: never;
}

export type Move =
  /** The request is cancelled after `cancelAfter` turns of the event loop, or never where that is null. */
  | { readonly do: 'ask'; readonly acts: readonly Act[]; readonly cancelAfter: number | null }
  | { readonly do: 'tell'; readonly acts: readonly Act[] }
  | { readonly do: 'wait'; readonly turns: number }
  | { readonly do: 'kill' }
  | { readonly do: 'dispose' };

export const moves = fc.array(
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({
        do: fc.constant('ask' as const),
        acts: answering,
        cancelAfter: fc.option(fc.nat(20), { freq: 3 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('tell' as const), acts: answering }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), turns: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.constantFrom<Move>({ do: 'kill' }, { do: 'dispose' }) },
  ),
  { minLength: 1, maxLength: 25, size: 'max' },
);

interface Asked {
  readonly acts: readonly Act[];
  readonly abort: AbortController;
  isCancelled: boolean;
  ends: number;
  end: 'answer' | 'nothing' | 'failure' | null;
  partsAfterEnd: number;
}

/** Returns whether an act ends a worker, or gives its answers wrong ids. */
const isDeadly = (act: Act) =>
  typeof act === 'number' ||
  ['throw', 'throw null', 'reject', 'exit', 'hang', 'answer another'].includes(act as string);

/**
 * Makes all moves and checks how each request ends.
 * @returns how many requests there were
 * @throws Error where one did not end as it should
 */
export async function converse(start: StartWorker, all: readonly Move[], host: Host): Promise<number> {
  const client = new WorkerClient<ScriptedService>(start, { name: 'scripted worker' });
  const asked: Asked[] = [];
  let isDisposed = false;
  for (const move of all) {
    switch (move.do) {
      case 'ask':
        asked.push(ask(client, move.acts, move.cancelAfter));
        break;
      case 'tell':
        client.tell({ type: 'acts', acts: move.acts });
        break;
      case 'wait':
        await turns(move.turns);
        break;
      case 'kill':
        host.killWorker();
        break;
      case 'dispose':
        isDisposed = true;
        client.dispose();
    }
  }
  const acts = all.flatMap((move) => (move.do === 'ask' || move.do === 'tell' ? move.acts : []));
  if (!isDisposed && !acts.includes('hang')) await fence(client, all.length);
  expectAnswers(asked, isDisposed || acts.some(isDeadly) || all.some((move) => move.do === 'kill'));
  for (const { abort } of asked) abort.abort();
  await turns(1);
  for (const { end, ends, partsAfterEnd } of asked) {
    if (end === null) throw new Error('A request that was cancelled has not ended.');
    if (ends !== 1) throw new Error(`A request ended ${ends} times.`);
    if (partsAfterEnd > 0) throw new Error('A part came after its request had ended.');
  }
  client.dispose();
  if ((await client.ask({ acts: ['answer'] }, new AbortController().signal)) !== null)
    throw new Error('A client that was disposed of answered.');
  return asked.length;
}

function ask(client: WorkerClient<ScriptedService>, acts: readonly Act[], cancelAfter: number | null): Asked {
  const abort = new AbortController();
  const asked: Asked = {
    acts,
    abort,
    isCancelled: cancelAfter !== null,
    ends: 0,
    end: null,
    partsAfterEnd: 0,
  };
  const end = (how: Asked['end']) => {
    asked.ends++;
    asked.end = how;
  };
  client
    .ask({ acts }, abort.signal, () => {
      if (asked.end !== null) asked.partsAfterEnd++;
    })
    .then((answer) => end(answer === null ? 'nothing' : 'answer'))
    .catch(({ message }: Error) => {
      end('failure');
      if (!isSentence(message)) throw new Error(`A failure is no sentence: ${message}`);
    });
  if (cancelAfter !== null) void turns(cancelAfter).then(() => abort.abort());
  return asked;
}

/** Settles when a request is answered, by when every earlier message has arrived. */
async function fence(client: WorkerClient<ScriptedService>, tries: number): Promise<void> {
  for (let each = 0; each <= tries; each++) {
    const answer = await client.ask({ acts: ['answer'] }, new AbortController().signal).catch(() => null);
    if (answer !== null) return;
  }
  throw new Error('The client did not recover.');
}

/**
 * Checks that each request has the answer that its acts lead to.
 * @param isDisturbed whether a request may also fail, or be answered by another's answer
 */
function expectAnswers(asked: readonly Asked[], isDisturbed: boolean): void {
  if (isDisturbed) return;
  for (const { acts, isCancelled, end } of asked) {
    const first = acts.find((act) => act !== 'part' && act !== 'answer late');
    // Answers that were held back have been released by the last request.
    const late = acts.includes('answer late');
    const expected =
      first === 'answer'
        ? 'answer'
        : first === 'fail'
          ? 'failure'
          : first === 'cancelled'
            ? 'nothing'
            : late
              ? 'answer'
              : null;
    if (end !== expected && !isCancelled) throw new Error(`A request ended with ${end}, not ${expected}.`);
  }
}
