// Tries messages between host, workers and panel: floods, wrong and late messages, workers that die or stay
// silent.
import { join } from 'node:path';
import * as fc from 'fast-check';
import { startThread } from '../../../../src/platform/node/startWorker.ts';
import { type Target, target } from '../../target.ts';
import { type Act, sayingOnce, training } from './acts.ts';
import { converse, type Move, moves } from './asked.ts';
import { Host } from './host.ts';
import { type OnceClient, onceClients, sayOnce } from './once.ts';
import { hear, said } from './panel.ts';
import { type RealMove, RealWorkers, realMoves } from './real.ts';
import { type Commanded, commanded, train } from './trains.ts';

type Input =
  | { readonly with: 'asked worker'; readonly moves: readonly Move[] }
  | {
      readonly with: 'trainer';
      readonly acts: readonly Act[];
      readonly commands: readonly Commanded[];
      readonly killAfter: number | null;
    }
  | {
      readonly with: 'worker of one message';
      readonly client: OnceClient;
      readonly acts: readonly Act[];
      readonly cancelAfter: number | null;
    }
  | { readonly with: 'panel'; readonly said: readonly unknown[] }
  | { readonly with: 'built workers'; readonly moves: readonly RealMove[] }
  | {
      readonly with: 'built trainer';
      readonly commands: readonly Commanded[];
      readonly killAfter: number | null;
    };

const after = fc.option(fc.nat(60));

const inputs: fc.Arbitrary<Input> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ with: fc.constant('asked worker' as const), moves }) },
  {
    weight: 3,
    arbitrary: fc
      .record({
        with: fc.constant('trainer' as const),
        acts: training,
        commands: commanded,
        killAfter: after,
      })
      // Only a kill ends a worker that hangs.
      .map((input) => (input.acts.includes('hang') ? { ...input, killAfter: input.killAfter ?? 0 } : input)),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      with: fc.constant('worker of one message' as const),
      client: fc.constantFrom(...onceClients),
      acts: sayingOnce,
      cancelAfter: after,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      with: fc.constant('panel' as const),
      said: fc.array(said, { maxLength: 200, size: 'max' }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ with: fc.constant('built workers' as const), moves: realMoves }) },
  {
    weight: 1,
    arbitrary: fc.record({
      with: fc.constant('built trainer' as const),
      commands: commanded,
      killAfter: fc.option(fc.nat(2000)),
    }),
  },
);

export const messages: Target = target<Input>({
  name: 'messages',
  claim:
    'Whatever is said between host, workers and panel, every request ends once, and the next one is answered',
  weight: 1,
  inputs,
  async open() {
    const scripted = () => startThread(join(import.meta.dirname, 'scripted.ts'));
    const host = new Host();
    const real = await RealWorkers.open();
    const figures = { conversations: 0, requests: 0, 'messages of trainers': 0, 'messages of panels': 0 };

    async function talk(input: Input): Promise<void> {
      switch (input.with) {
        case 'asked worker':
          figures.requests += await converse(scripted, input.moves, host);
          return;
        case 'trainer': {
          const request = { type: 'train', request: { acts: input.acts } as never } as const;
          figures['messages of trainers'] += await train(scripted, request, input.commands, input.killAfter);
          return;
        }
        case 'worker of one message':
          figures.requests++;
          return sayOnce(scripted, input.client, input.acts, input.cancelAfter);
        case 'panel':
          for (const each of input.said) hear(each);
          figures['messages of panels'] += input.said.length;
          return;
        case 'built workers':
          figures.requests += await real.converse(input.moves, host);
          return;
        case 'built trainer':
          figures['messages of trainers'] += await real.train(input.commands, input.killAfter);
      }
    }

    return {
      async check(input) {
        figures.conversations++;
        await talk(input);
        await host.expectNothingUncaught();
      },
      figures: () => ({ ...figures }),
      async close() {
        real[Symbol.dispose]();
        host[Symbol.dispose]();
      },
    };
  },
});
