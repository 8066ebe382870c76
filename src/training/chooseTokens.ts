// Which tokens fit a text is measured: a small network reads a part of it in characters, then in byte-pair pieces, and
// what it then needs for the held-out tail, in bits per character, decides. The small network learns as much in a
// second as the one of the run in ten, and agrees with it on which tokens are the better ones.
import type { Engine } from '../backend/engine.ts';
import { builtinCells } from '../cells/index.ts';
import { type Corpus, tokenized } from '../data/text/corpus.ts';
import { completeTrain } from '../language/optionTable.ts';
import { initialWeights } from '../tape/parameters.ts';
import { architecture } from './configuration.ts';
import { Controls } from './controls.ts';
import { train } from './trainer.ts';

const model = { embedding: 0, layers: [{ cell: 'LSTM', hidden: 64 }], tied: false } as const;
const cells = { LSTM: builtinCells.get('LSTM')! };
const options = { batch: 8, k1: 50, k2: 50, learningRate: 0.01, patience: null } as const;

/** Of a trial. */
const updates = 400;

/**
 * Bits per character that pieces must save in a trial: a smaller lead, as in logs, where there is little left to save,
 * is lost again as the run goes on, since characters learn longer.
 */
const margin = 0.1;

/** Shorter budgets are better spent on the run itself: in seconds, and in tokens that are read. */
const leastSeconds = 20;
const leastTokens = 1_000_000;

/** Characters. */
const shortestText = 10_000;

/** A trial takes a second; where a machine takes this share of the budget for it, it is given up. */
const longestTrial = 0.1;

export interface ChoiceSetting {
  /** In characters. */
  readonly corpus: Corpus;
  readonly seed: number;
  /** The budget of the run; null is no limit. */
  readonly seconds: number | null;
  readonly epochs: number | null;
  readonly engine: Engine;
  readonly breathe: () => Promise<void>;
  /** Milliseconds. */
  readonly now: () => number;
}

export interface Choice {
  /** In the tokens that were chosen. */
  readonly corpus: Corpus;
  /** What was measured, in a sentence; null where nothing was. */
  readonly remark: string | null;
}

export async function chooseTokens(setting: ChoiceSetting): Promise<Choice> {
  const { corpus, seconds, epochs } = setting;
  const tokens = (epochs ?? Number.POSITIVE_INFINITY) * corpus.train.length;
  if ((seconds ?? Number.POSITIVE_INFINITY) < leastSeconds || tokens < leastTokens)
    return { corpus, remark: null };
  // A shorter one is known by heart before a trial has ended.
  if (corpus.train.length < shortestText) return { corpus, remark: null };
  // Words are for who asks for them: spelling the rare ones cost more than the frequent ones saved on every text that
  // they were measured on.
  const pieces = tokenized(corpus, 'pieces');
  const before = await tryOut(setting, corpus);
  const after = before === null ? null : await tryOut(setting, pieces);
  if (before === null || after === null)
    return { corpus, remark: 'Tokens: characters. This machine is too slow to try out pieces.' };
  const chosen = after < before - margin ? pieces : corpus;
  const figures = `${before.toFixed(2)} with characters, ${after.toFixed(2)} with pieces`;
  return {
    corpus: chosen,
    remark: `Tokens: ${chosen.tokenizer.kind}. A small network, tried on both, came to ${figures} (bits per character).`,
  };
}

/** @returns bits per character of the tail; null where it took too long */
async function tryOut(
  { seed, seconds, engine, breathe, now }: ChoiceSetting,
  corpus: Corpus,
): Promise<number | null> {
  const built = architecture(corpus.tokenizer.size, model, cells);
  const epochs = (updates * options.batch * options.k1) / corpus.train.length;
  const controls = new Controls();
  controls.close();
  const deadline = now() + longestTrial * 1000 * (seconds ?? Number.POSITIVE_INFINITY);
  const { result } = await train({
    corpus,
    architecture: built,
    model: { dropout: 0 },
    options: completeTrain({ ...options, seed, seconds: null, epochs }),
    engine,
    weights: initialWeights(built, seed),
    probe: null,
    checkpoint: null,
    controls,
    observer: {
      started() {},
      paused() {},
      resumed() {},
      progress() {},
      improved() {},
      ended: async () => {},
    },
    breathe: async () => {
      if (now() > deadline) controls.send({ type: 'stop' });
      await breathe();
    },
    now,
  });
  return result.end === 'budget' ? result.validationLoss : null;
}
