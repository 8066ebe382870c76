// Uses workers that do one thing and post one message, which may be wrong, through their clients.
import { exportAs } from '../../../../src/editor/workers/exporterClient.ts';
import { examine } from '../../../../src/editor/workers/laboratoryClient.ts';
import { writeSample } from '../../../../src/editor/workers/samplerClient.ts';
import type { Act } from './acts.ts';
import { isSentence, turns } from './host.ts';

export const onceClients = ['sampler', 'laboratory', 'exporter'] as const;
export type OnceClient = (typeof onceClients)[number];

/** The type of the message by which each worker reports success. */
const right: Record<OnceClient, string> = { sampler: 'written', laboratory: 'found', exporter: 'exported' };

/**
 * Uses a worker once and checks how it ends.
 * @param cancelAfter turns of the event loop; null never cancels it
 * @throws Error where it did not end as it should
 */
export async function sayOnce(
  script: string,
  client: OnceClient,
  acts: readonly Act[],
  cancelAfter: number | null,
): Promise<void> {
  const abort = new AbortController();
  const request = { acts } as never;
  const isCancelled = client === 'laboratory' && cancelAfter !== null;
  const ask = {
    sampler: () => writeSample(script, request),
    laboratory: () => examine(script, request, abort.signal),
    exporter: () => exportAs(script, request).then(() => true),
  }[client];
  if (isCancelled) void turns(cancelAfter).then(() => abort.abort());
  // A worker that only waits is never ended by anything else, so that it cannot be tried.
  const willSay = acts.find((act) => act !== 'wait');
  if (willSay === undefined && acts.length > 0 && !isCancelled) return;
  const end = await ask().then(
    (answer) => (answer === null ? 'nothing' : 'answer'),
    ({ message }: Error) => {
      if (!isSentence(message)) throw new Error(`A failure is no sentence: ${message}`);
      return 'failure';
    },
  );
  if (isCancelled && end === 'nothing') return;
  const isRight = typeof willSay === 'object' && willSay.type === right[client];
  // A message that was posted before an error arrives before it.
  const expected = isRight ? 'answer' : 'failure';
  if (end !== expected) throw new Error(`The ${client} ended with ${end}, not ${expected}.`);
}
