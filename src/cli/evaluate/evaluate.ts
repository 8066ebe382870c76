// Measures how good suggestions are on a text, by typing its end, and gaps in it, after training on what comes
// before.
import { rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { suggestionDefaults } from '../../completion/decoding/suggest.ts';
import { countedText, runSteps } from '../../completion/ensemble/trainEnsemble.ts';
import { lastCharacters, minimumCharacters, normalise } from '../../data/text/corpus.ts';
import { Vocabulary } from '../../data/text/vocabulary.ts';
import { nodePlatform } from '../../platform/node/platform.ts';
import { contextStart } from '../../protocol/predictor.ts';
import { Problem } from '../../protocol/problem.ts';
import type { RunResult } from '../../protocol/run.ts';
import { demand } from '../../store/capabilities.ts';
import { readManifest } from '../../store/modelFolder.ts';
import { Controls } from '../../training/controls.ts';
import { startEngine } from '../../worker/engines.ts';
import { type OpenModel, openCounts, openModel } from '../../worker/openModel.ts';
import { run } from '../../worker/run.ts';
import { expectAtMost, numberArgument } from '../arguments.ts';
import { notUtf8, readOne } from '../documents.ts';
import { interruptible } from '../interruption.ts';
import { jsonLine } from '../json.ts';
import { outArgument } from '../out.ts';
import { say } from '../say.ts';
import { temporaryDirectory } from '../temporary.ts';
import { typeWithNgrams, typeWithWords } from './baselines.ts';
import { drawGaps, type Filled, type GapFiller, type Infill, measureInfill } from './gaps.ts';
import { split, type TypingResult, type } from './typing.ts';
import { zpaqBits } from './zpaq.ts';

/** The number of characters at a text's end that are used, at most. */
const longest = 400_000;

/** The number of gaps that are filled. */
const gapCount = 100;

/** The bits of a character without a symbol, which may be any of Unicode's. */
const bitsOfUnknown = Math.log2(0x110000);

export async function evaluateCommand(args: string[]): Promise<void> {
  const { file, values, kept } = argumentsOf(args);
  const { settings, budget } = trainingOf(values);
  const broken: string[] = [];
  const text = normalise(await readOne(file, values.secrets, broken));
  const { before, held } = split(lastCharacters(text, longest));
  for (const remark of notUtf8(broken)) say(remark);
  if (before.trim().length < minimumCharacters)
    throw new Problem(`There is too little text: ${minimumCharacters} characters before its end are needed.`);
  const directory = kept ?? temporaryDirectory();
  const cleanUp = () => {
    if (kept === undefined) rmSync(directory, { recursive: true, force: true });
  };
  const left =
    values.out === undefined ? '' : ` If its model has kept anything by now, it is in ${values.out}.`;
  await interruptible(
    `The evaluation was stopped before its end, so that there are no figures.${left}`,
    cleanUp,
    async () => {
      if (values.model === undefined && !values.counts) {
        say(`Training for ${budget} on ${before.length.toLocaleString('en')} characters`);
        const { validationLoss, learnedHeldOut } = await trainOn(before, file, directory, settings);
        if (validationLoss !== null)
          say(
            `The network alone: ${validationLoss.toFixed(3)} bits per character on the end of that, held out${learnedHeldOut ? ' and learned too since then' : ''}`,
          );
      }
      const open = () => (values.counts ? openCountsOf(before) : openTrained(directory, before));
      const figures = await measure(open, before, held);
      process.stdout.write(values.json ? jsonOf(figures) : tableOf(figures));
    },
  );
}

/**
 * Reads the arguments. `kept` is the folder of a model that is there, or is to stay.
 * @throws Problem when they name no file or exclude each other, or when the model suggests nothing
 */
function argumentsOf(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seconds: { type: 'string' },
      epochs: { type: 'string' },
      seed: { type: 'string', default: '1' },
      tokens: { type: 'string', default: 'auto' },
      model: { type: 'string' },
      counts: { type: 'boolean', default: false },
      out: { type: 'string' },
      secrets: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  expectAtMost(1, positionals);
  const [file] = positionals;
  if (!file) throw new Problem('Name a text file whose end is to be typed.');
  const [source, other] = (['model', 'counts', 'out'] as const).filter((name) => values[name]);
  if (other !== undefined)
    throw new Problem(`--${source} and --${other} exclude each other: leave one of them out.`);
  const kept = values.model ?? outArgument(values.out);
  if (values.model !== undefined)
    demand(readManifest(nodePlatform(__dirname).files, values.model), 'suggest');
  return { file, values, kept };
}

/** The figures of an evaluation. */
interface Figures {
  readonly typed: TypingResult & { readonly bpc: number };
  readonly infill: Infill;
  /** The bits per character of the compressor; null where it is not installed. */
  readonly zpaq: number | null;
  readonly baselines: { readonly words: TypingResult; readonly ngram: TypingResult };
}

/** Types the end of a text with a model and with the baselines, and fills gaps in it. */
async function measure(open: () => Promise<OpenModel>, before: string, held: string): Promise<Figures> {
  say(`Typing ${[...held].length} characters`);
  const typed = await typeWithModel(await open(), before, held);
  say(`Filling ${gapCount} gaps in them`);
  const infill = await measureInfill(
    async () => fillerOf(await open()),
    before,
    held,
    drawGaps(held, gapCount),
  );
  say('Typing them with the baselines');
  const words = await typeWithWords(before, held);
  const ngram = await typeWithNgrams(before, held);
  return { typed, infill, zpaq: zpaqBits(before, held), baselines: { words, ngram } };
}

const jsonOf = ({ typed, ...rest }: Figures): string => jsonLine({ ...typed, ...rest });

/** Returns the figures as a table for people. */
const tableOf = ({ typed, infill, zpaq, baselines: { words, ngram } }: Figures): string =>
  `${['', 'saved', 'precision', 'shown/100', 'length', 'in a word', 'bpc', 'p50', 'p95'].map((each) => each.padStart(11)).join('')}\n` +
  Object.entries({ words, ngram, model: typed })
    .map(([name, each]) => line(name, each))
    .join('') +
  filledLine('gaps', infill) +
  filledLine('not told', infill.notTold) +
  filledLine('lines read', infill.inDocument) +
  filledLine('not told', infill.inDocument.notTold) +
  `${zpaq === null ? '' : `zpaq: ${zpaq.toFixed(3)} bits per character\n`}`;

interface TrainingArguments {
  readonly seconds?: string | undefined;
  readonly epochs?: string | undefined;
  readonly seed: string;
  readonly tokens: string;
}

/** Returns the settings of the training, and its budget in words. @throws Problem when an argument is out of range */
function trainingOf({
  epochs,
  seconds = epochs === undefined ? '60' : undefined,
  seed,
  tokens,
}: TrainingArguments) {
  const settings = {
    'model.tokens': tokens,
    'train.seconds': seconds === undefined ? null : numberArgument('seconds', seconds, 1),
    ...(epochs !== undefined && { 'train.epochs': numberArgument('epochs', epochs) }),
    'train.seed': numberArgument('seed', seed),
  };
  const most = [
    ...(epochs === undefined ? [] : [epochs === '1' ? '1 epoch' : `${epochs} epochs`]),
    ...(seconds === undefined ? [] : [`${seconds} s`]),
  ];
  return { settings, budget: most.join(' or ') };
}

function line(name: string, typed: TypingResult & { bpc?: number }): string {
  const { saved, precision, shownPer100, charactersPerAccepted, endsInsideWord, p50ms, p95ms, bpc } = typed;
  return `${[
    name,
    `${(100 * saved).toFixed(1)} %`,
    `${(100 * precision).toFixed(1)} %`,
    shownPer100.toFixed(1),
    charactersPerAccepted.toFixed(1),
    `${(100 * endsInsideWord).toFixed(1)} %`,
    bpc?.toFixed(3) ?? '-',
    `${p50ms.toFixed(2)} ms`,
    `${p95ms.toFixed(2)} ms`,
  ]
    .map((each) => each.padStart(11))
    .join('')}\n`;
}

const filledLine = (name: string, { saved, precision }: Filled): string =>
  `${[name, `${(100 * saved).toFixed(1)} %`, `${(100 * precision).toFixed(1)} %`].map((each) => each.padStart(11)).join('')}\n`;

async function trainOn(
  text: string,
  source: string,
  directory: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<RunResult> {
  return run(
    {
      documents: [text],
      source,
      title: source,
      uri: null,
      pattern: null,
      remarks: [],
      languageId: 'plaintext',
      directory,
      settings,
      definition: null,
      cell: null,
    },
    nodePlatform(__dirname),
    Controls.none(),
    {
      started: ({ remarks }) => remarks.forEach(say),
      paused() {},
      resumed() {},
      progress() {},
      saved() {},
      ended() {},
    },
  );
}

const pause = async () => {};

/** Opens a model that has read `before`, whatever it was trained on. */
async function openTrained(directory: string, before: string): Promise<OpenModel> {
  const platform = nodePlatform(__dirname);
  const { engine } = await startEngine(platform, { kind: 'auto', threads: 1 });
  const model = await openModel(engine, platform, directory);
  for (const _ of model.otherDocuments.read(before));
  return model;
}

/** Counts `before`, without a network. The clock of a search stands still, so that the figures depend on no time. */
const openCountsOf = (before: string): Promise<OpenModel> =>
  runSteps(
    openCounts(Vocabulary.of(before), countedText(before), () => 0),
    () => setImmediate(),
  );

/** Returns a model as what fills gaps, which learns nothing of what is typed in them. */
const fillerOf = ({ completer, otherDocuments }: OpenModel): GapFiller => ({
  async suggest(text, following) {
    const offset = contextStart(text.length);
    const [after] = following.split('\n', 1);
    const cursor = { document: 'gaps', offset, before: text.slice(offset), after, typed: 0 };
    const [suggestion] = await completer.suggest({ ...cursor, ...suggestionDefaults, count: 1 }, pause);
    return suggestion?.text ?? '';
  },
  read(lines) {
    for (const _ of otherDocuments.read(lines));
  },
});

/** Types `held` after `before`, asking for suggestions as the editor does. */
async function typeWithModel(
  { completer, vocabulary }: OpenModel,
  before: string,
  held: string,
): Promise<TypingResult & { bpc: number }> {
  let text = before;
  let typedSince = 0;
  const suggest = async () => {
    const offset = contextStart(text.length);
    const cursor = { document: 'typed', offset, before: text.slice(offset), after: '', typed: typedSince };
    typedSince = 0;
    const [suggestion] = await completer.suggest({ ...cursor, ...suggestionDefaults, count: 1 }, pause);
    return suggestion?.text ?? '';
  };
  const catchUp = () => {
    for (const _ of completer.catchUp());
  };
  await suggest();
  catchUp();
  const typed = await type(held, {
    suggest,
    read: (character) => {
      text += character;
      typedSince += character.length;
    },
    rest: () => {
      completer.learn();
      catchUp();
    },
  });
  await suggest();
  const bits = completer.surprise('typed').bits + bitsOfUnknown * countUnknown(held, vocabulary);
  return { ...typed, bpc: bits / typed.characters };
}

function countUnknown(text: string, vocabulary: Vocabulary): number {
  return [...text].filter((character) => vocabulary.token(character) === 0).length;
}
