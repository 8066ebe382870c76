// Chooses the tokens of a text by a trial: a small network is trained on a part of it in characters, then in
// byte-pair pieces, and the lower validation loss in bits per character decides. The small network learns as
// much in a second as the network of the run in ten, and agrees with it on which tokens are better.
import type { Engine } from '../../backend/engine.ts';
import { builtinCells } from '../../cells/index.ts';
import { tokenized, type WholeCorpus } from '../../data/text/corpus.ts';
import { TextDataset } from '../../data/text/textDataset.ts';
import { trainWithDefaults } from '../../language/options/optionDefaults.ts';
import { initialWeights } from '../../tape/parameters.ts';
import { architecture } from '../../training/configuration.ts';
import { Controls } from '../../training/controls.ts';
import { train } from '../../training/trainer.ts';

const model = { embedding: 0, layers: [{ cell: 'GRU', hidden: 64 }], tied: false } as const;
const cells = { GRU: builtinCells.get('GRU')! };
const options = { batch: 8, k1: 50, k2: 50, learningRate: 0.01, patience: null } as const;

/** The number of updates of a trial. */
const updates = 400;

/**
 * The bits per character that pieces must save in a trial. A smaller lead, as in logs, where there is little
 * left to save, is lost again as the run goes on, since characters learn longer.
 */
const margin = 0.1;

/** The shortest budgets, in seconds and in tokens that are read, for which a trial is worth its time. */
const leastSeconds = 20;
const leastTokens = 1_000_000;

/**
 * The shortest text for which there is a trial, in tokens, which are characters: a shorter one is memorised
 * before the trial ends.
 */
const shortestText = 10_000;

/**
 * The most passes over the text for which there is a trial. In pieces a text is shorter, so that it is read more often and
 * memorised sooner than in characters, which a trial of one pass does not tell.
 */
const mostPasses = 8;

/** The characters of pieces that the default network usually reads in a second on two cores. */
const usualSpeed = 80_000;

/**
 * The share of the budget that a trial may take. It usually takes a second; on a slow machine it is given up.
 */
const longestTrial = 0.1;

export interface ChoiceSetting {
  /** The corpus in characters. */
  readonly corpus: WholeCorpus;
  readonly seed: number;
  /** The budget of the run; null means that there is no limit. */
  readonly seconds: number | null;
  readonly epochs: number | null;
  readonly engine: Engine;
  readonly breathe: () => Promise<void>;
  /** Returns the time in milliseconds. */
  readonly now: () => number;
}

export interface Choice {
  /** The corpus in the chosen tokens. */
  readonly corpus: WholeCorpus;
  /** A sentence about what was measured; null where nothing was. */
  readonly remark: string | null;
}

export async function chooseTokens(setting: ChoiceSetting): Promise<Choice> {
  const { corpus, seconds, epochs } = setting;
  const tokens = (epochs ?? Number.POSITIVE_INFINITY) * corpus.train.length;
  if ((seconds ?? Number.POSITIVE_INFINITY) < leastSeconds || tokens < leastTokens)
    return { corpus, remark: null };
  if (corpus.train.length < shortestText) return { corpus, remark: null };
  const passes = Math.min(
    epochs ?? Number.POSITIVE_INFINITY,
    ((seconds ?? Number.POSITIVE_INFINITY) * usualSpeed) / corpus.train.length,
  );
  if (passes > mostPasses) return { corpus, remark: null };
  // Words are used only on request: spelling the rare ones cost more than the frequent ones saved on every
  // text that they were measured on.
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

/**
 * Trains the small network. @returns the validation loss in bits per character; null where it took too long
 */
async function tryOut(
  { seed, seconds, engine, breathe, now }: ChoiceSetting,
  corpus: WholeCorpus,
): Promise<number | null> {
  const built = architecture(corpus.tokenizer.size, model, cells);
  const epochs = (updates * options.batch * options.k1) / corpus.train.length;
  const controls = new Controls();
  controls.close();
  const deadline = now() + longestTrial * 1000 * (seconds ?? Number.POSITIVE_INFINITY);
  const { result } = await train({
    dataset: new TextDataset(corpus),
    metric: null,
    architecture: built,
    model: { dropout: 0 },
    options: trainWithDefaults({ ...options, seed, seconds: null, epochs }),
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
