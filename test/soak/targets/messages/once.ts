// Uses workers that answer one request, rightly or wrongly, through their clients.
import { examine, runExport, writeSample } from '../../../../src/editor/workers/oneRequest.ts';
import type { StartWorker } from '../../../../src/protocol/port.ts';
import type { Act } from './acts.ts';
import { isSentence, turns } from './host.ts';

export const onceClients = ['sampler', 'laboratory', 'exporter'] as const;
export type OnceClient = (typeof onceClients)[number];

/**
 * Uses a worker once and checks how it ends.
 * @param cancelAfter turns of the event loop; null never cancels it
 * @throws Error where it did not end as it should
 */
export async function sayOnce(
  start: StartWorker,
  client: OnceClient,
  acts: readonly Act[],
  cancelAfter: number | null,
): Promise<void> {
  const abort = new AbortController();
  // A worker that does not wait ends by itself.
  const request = { acts: acts.includes('wait') ? acts : [...acts, 'close'] } as never;
  const isCancelled = client === 'laboratory' && cancelAfter !== null;
  const ask = {
    sampler: () => writeSample(start, request),
    laboratory: () => examine(start, request, abort.signal),
    exporter: () => runExport(start, request).then(() => true),
  }[client];
  if (isCancelled) void turns(cancelAfter).then(() => abort.abort());
  // A worker that only waits is never ended by anything else, so that it cannot be tried.
  const willSay = acts.find((act) => act !== 'wait' && act !== 'part');
  if (willSay === undefined && acts.includes('wait') && !isCancelled) return;
  const end = await ask().then(
    (answer) => (answer === null ? 'nothing' : 'answer'),
    ({ message }: Error) => {
      if (!isSentence(message)) throw new Error(`A failure is no sentence: ${message}`);
      return 'failure';
    },
  );
  if (isCancelled && end === 'nothing') return;
  const expected = possibleEnds(acts);
  if (!expected.has(end))
    throw new Error(`The ${client} ended with ${end}, not ${[...expected].join(' or ')}.`);
}

/**
 * Returns how a worker that does `acts` may end. What it posts arrives in order, but an error that it does not
 * catch goes to the host on another port than an answer, so that either may arrive first.
 */
function possibleEnds(acts: readonly Act[]): ReadonlySet<string> {
  const last = acts.findIndex((act) => act === 'throw' || act === 'throw null' || act === 'exit');
  const done = last < 0 ? acts : acts.slice(0, last + 1);
  const throws = done.some((act) => act === 'throw' || act === 'throw null' || act === 'reject');
  const decisive = done.find((act) => act !== 'wait' && act !== 'part' && act !== 'reject');
  const ends = new Set([decisive === 'answer' ? 'answer' : 'failure']);
  if (throws) ends.add('failure');
  return ends;
}
