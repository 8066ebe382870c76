// npm run bench -- typist [--seconds N] [--train N] [--pause MS] [--seed S] [--json FILE] [FILE…]
//
// Lets a typist type the end of a text while a training on what comes before has just begun, and counts the keys that are saved,
// over those that the same characters would have cost had the typist waited for the end of the training. The workers are the
// extension's: at each second the suggestions come from what the user would have then, the counts of the text at first and the
// network's weights as they come to be on disk. A suggestion that is not there before the next key is none. Fails
// where the mean over the texts is less than 0.75. A text takes as long as its training and some seconds more.
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { split, type TypingResult, type } from '../../src/cli/evaluate/typing.ts';
import { lastCharacters } from '../../src/data/text/corpus.ts';
import { counted } from '../../src/protocol/predictor.ts';
import { random } from '../../src/tape/random.ts';
import { requestAtEnd, startPredictor, type Training, train } from './asInEditor.ts';
import { machine } from './machine.ts';
import { atLeast, endWith, printRow } from './rows.ts';
import { ownTexts, type Text, textsOf } from './texts.ts';

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '20' },
    train: { type: 'string', default: '60' },
    pause: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});
const [seconds, trained, pause, seed] = [options.seconds, options.train, options.pause, options.seed].map(
  Number,
);

/** The share of the keys saved after the end that the typist is to save. */
const bound = 0.75;

/** The number of characters at a text's end that are used, at most. */
const longest = 400_000;

/** The texts of this project that are typed where no file is named. */
const usual: readonly string[] = ['chart.js', 'server log', 'READMEs'];

/**
 * Types after a text with what the training has come to.
 * @param pauseOf returns the milliseconds to the next key; null for a typist who waits for each suggestion
 */
async function typeAfter(
  before: string,
  held: string,
  model: string,
  training: Training,
  pauseOf: (() => number) | null,
  isDone: () => boolean,
): Promise<TypingResult & { fromNetwork: number }> {
  const predictor = startPredictor();
  let written = before;
  let typedSince = 0;
  let [asked, fromNetwork] = [0, 0];
  let nextKey = performance.now();
  try {
    if (training.revision === counted) predictor.count({ model, documents: [before] });
    const typed = await type(held, {
      async suggest() {
        const { revision } = training;
        asked++;
        if (revision !== counted) fromNetwork++;
        const abort = new AbortController();
        nextKey = performance.now() + (pauseOf?.() ?? 0);
        const key = pauseOf && globalThis.setTimeout(() => abort.abort(), nextKey - performance.now());
        const request = requestAtEnd({ model, revision, document: 'typed' }, written, typedSince);
        const answer = await predictor.suggest(request, abort.signal);
        if (key) clearTimeout(key);
        if (answer) typedSince = 0;
        return answer?.[0]?.text ?? '';
      },
      read(character) {
        written += character;
        typedSince += character.length;
      },
      rest: () => sleep(Math.max(0, nextKey - performance.now())),
      isDone,
    });
    return { ...typed, fromNetwork: fromNetwork / asked };
  } finally {
    predictor.dispose();
  }
}

interface Result {
  readonly name: string;
  readonly characters: number;
  /** The share of keys saved in the first seconds, and of the same characters after the end. */
  readonly during: number;
  readonly after: number;
  /** The share of the keys in the first seconds that were answered when a network was there. */
  readonly fromNetwork: number;
}

async function measure({ name, text }: Text): Promise<Result> {
  const { before, held } = split(lastCharacters(text, longest));
  const model = mkdtempSync(join(tmpdir(), 'unroll-bench-'));
  const training = train(before, model, { 'train.seconds': trained, 'train.seed': seed });
  try {
    const next = random(seed);
    const end = performance.now() + 1000 * seconds;
    const pauseOf = () => pause * (0.5 + next());
    const during = await typeAfter(before, held, model, training, pauseOf, () => performance.now() > end);
    await training.done;
    const after = await typeAfter(
      before,
      [...held].slice(0, during.characters).join(''),
      model,
      training,
      null,
      () => false,
    );
    const result = {
      name,
      characters: during.characters,
      during: during.saved,
      after: after.saved,
      fromNetwork: during.fromNetwork,
    };
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    process.stdout.write(
      `${name}: ${result.characters} characters, keys saved ${percent(result.during)} in the first ${seconds} s (${percent(result.fromNetwork)} of them beside a network), ${percent(result.after)} after the end (load ${loadavg()[0].toFixed(1)})\n`,
    );
    return result;
  } finally {
    await training.kill();
    rmSync(model, { recursive: true, force: true });
  }
}

const texts = files.length > 0 ? textsOf(files) : ownTexts().filter(({ name }) => usual.includes(name));
const results: Result[] = [];
for (const text of texts) results.push(await measure(text));
const sum = (of: (result: Result) => number) => results.reduce((total, each) => total + of(each), 0);
const ratio =
  sum(({ during, characters }) => during * characters) / sum(({ after, characters }) => after * characters);
const row = atLeast(
  `keys saved in the first ${seconds} s of a training, over waiting for its end`,
  ratio,
  bound,
);
printRow(row);
endWith([row], options.json, { machine: machine(), rows: [row], results });
