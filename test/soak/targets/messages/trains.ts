// Uses a worker that trains, and may behave badly, through its client.
import * as fc from 'fast-check';
import {
  type RunEvent,
  startTrainer,
  type TrainerClient,
} from '../../../../src/editor/workers/trainerClient.ts';
import type { StartWorker } from '../../../../src/protocol/port.ts';
import type { RunCommand } from '../../../../src/protocol/run.ts';
import type { TrainerRequest } from '../../../../src/protocol/trainer.ts';
import { turns } from './host.ts';

export interface Commanded {
  /** The number of turns of the event loop before the command. */
  readonly after: number;
  readonly command: RunCommand | 'temperature';
}

const commands = fc.constantFrom<RunCommand | 'temperature'>(
  'temperature',
  ...(['pause', 'resume', 'stop', 'rewind', 'extend'] as const).map((type) => ({ type })),
  { type: 'learningRate', value: 0.01 },
  { type: 'threshold', value: 1 },
);

export const commanded: fc.Arbitrary<readonly Commanded[]> = fc.array(
  fc.record({ after: fc.nat(40), command: commands }),
  { maxLength: 20 },
);

/**
 * Trains one run under commands and checks its messages.
 * @param killAfter turns of the event loop; null lets the worker end
 * @returns how many messages arrived
 * @throws Error where the run did not end as it should
 */
export async function train(
  start: StartWorker,
  request: TrainerRequest,
  commands: readonly Commanded[],
  killAfter: number | null,
): Promise<number> {
  const heard: RunEvent['type'][] = [];
  let isOver = false;
  const client = startTrainer(start, request, (message) => {
    if (isOver) throw new Error(`'${message.type}' was heard after the worker was gone.`);
    if (message.type === 'failed' && !/^[A-Z].*\S\.$/s.test(message.message))
      throw new Error(`A failure is no sentence: ${message.message}`);
    heard.push(message.type);
  });
  await command(client, commands);
  if (killAfter === null) {
    client.send({ type: 'stop' });
    client.close();
  } else {
    await turns(killAfter);
    await client.kill();
  }
  await client.ended;
  isOver = true;
  await command(client, commands.slice(0, 3));
  expectEnd(heard);
  return heard.length;
}

async function command(client: TrainerClient, commands: readonly Commanded[]): Promise<void> {
  for (const { after, command } of commands) {
    await turns(after);
    if (command === 'temperature') client.temperature(1);
    else client.send(command);
  }
}

/**
 * Checks that no message follows a failure, and that the first message after a run's end says that it goes
 * on.
 */
function expectEnd(heard: readonly RunEvent['type'][]): void {
  const last = heard.at(-1);
  if (last !== 'done' && last !== 'failed') throw new Error(`A run ended with '${last}'.`);
  for (const [at, type] of heard.slice(0, -1).entries()) {
    const next = heard[at + 1];
    if (type === 'failed') throw new Error(`'${next}' was heard after a failure.`);
    if (type === 'done' && next !== 'resumed' && next !== 'started')
      throw new Error(`'${next}' was heard after the end of a run.`);
  }
}
