// Compares everything that caches states along a text, under edits, with reading the text from its beginning.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { builtinCells } from '../../../src/cells/index.ts';
import { Completer } from '../../../src/completion/completer.ts';
import { type DynamicEvaluation, lessonLength } from '../../../src/completion/ensemble/dynamicEvaluation.ts';
import { Ensemble, type EnsemblePosition } from '../../../src/completion/ensemble/ensemble.ts';
import { TokenMarginalizer } from '../../../src/completion/ensemble/tokenMarginalization.ts';
import { countNgrams, runSteps } from '../../../src/completion/ensemble/trainEnsemble.ts';
import { DocumentStates, type Pause } from '../../../src/completion/stateCache/documentStates.ts';
import { normalise } from '../../../src/data/text/corpus.ts';
import { Tokenizer } from '../../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { nodePlatform } from '../../../src/platform/node/platform.ts';
import { contextStart } from '../../../src/protocol/predictor.ts';
import { InspectedModel } from '../../../src/worker/inspectedModel.ts';
import { readKernels } from '../../kernels/modules.ts';
import { writeRandomModel } from '../../worker/randomModel.ts';
import type { Session, Target } from '../target.ts';
import { kinds, text, write } from '../texts.ts';
import { Walked } from '../walked.ts';

interface Edit {
  /**
   * The places of the edit as shares of the document; several are edited at once, as with several cursors.
   */
  readonly at: readonly number[];
  /** The number of UTF-16 units that are removed. */
  readonly remove: number;
  readonly insert: string;
  /** Whether the edit before this one is undone, in place of all that. */
  readonly undo: boolean;
  /** The number of characters before the cursor that count as typed. */
  readonly typed: number;
  /** The number of tokens after which a first reading is cancelled; null for no such reading. */
  readonly cancel: number | null;
}

interface Input {
  readonly kind: (typeof kinds)[number];
  readonly start: { readonly length: number; readonly seed: number };
  readonly edits: readonly Edit[];
}

/** Generates a place, often the end, where a text grows until its context moves down. */
const share = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }));

export const stateCache: Target<Input> = {
  name: 'state-cache',
  claim: 'after any edits, suggestions and surprise are those of a text that is read from its beginning',
  weight: 1,
  inputs: fc.record({
    kind: fc.constantFrom(...kinds),
    start: fc.record({ length: fc.oneof(fc.nat(60), fc.integer({ min: 220, max: 500 })), seed: fc.nat() }),
    edits: fc.array(
      fc.record({
        at: fc.array(share, { minLength: 1, maxLength: 3 }),
        remove: fc.oneof(fc.constant(0), fc.nat(30)),
        insert: fc.oneof(
          { weight: 5, arbitrary: text(6) },
          { weight: 3, arbitrary: fc.nat().map((seed) => write(80, seed)) },
        ),
        undo: fc.oneof(
          { weight: 5, arbitrary: fc.constant(false) },
          { weight: 1, arbitrary: fc.constant(true) },
        ),
        typed: fc.nat(40),
        cancel: fc.option(fc.nat(40), { nil: null }),
      }),
      { minLength: 1, maxLength: 25 },
    ),
  }),
  open,
};

const platform = nodePlatform(join(import.meta.dirname, '../../../out'));

const pause: Pause = async () => {};

/** The number of characters of text for an update of dynamic evaluation: see completer.ts. */
const mostLessonCharacters = 4 * lessonLength;

const options = { after: '', confidence: 0.3, reading: 0, maxLength: 40, count: 4 } as const;

async function open(): Promise<Session<Input>> {
  const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  const directory = mkdtempSync(join(tmpdir(), 'unroll-soak-cache-'));
  const learned = normalise(write(4000, 1).replaceAll(/[7ß\0]|\ud83e\udd8b/gu, ''));
  const models = new Map(
    kinds.map((kind) => {
      const tokenizer = Tokenizer.learn(kind, Vocabulary.of(learned), learned.repeat(3));
      const folder = join(directory, kind);
      const cells = { LSTM: builtinCells.get('LSTM')! };
      const { built, weights } = writeRandomModel(folder, { tokenizer, cells, text: learned.slice(0, 3000) });
      return [kind, { tokenizer, folder, predictor: engine.predict(built, weights) }] as const;
    }),
  );
  const inspected = new Map(
    kinds.map((kind) => [
      kind,
      [0, 1].map(
        (revision) => new InspectedModel(engine, platform, models.get(kind)!.folder, `${revision}`, null),
      ),
    ]),
  );
  const ngrams = await runSteps(countNgrams(Vocabulary.of(learned), learned.slice(0, 3000)), pause);
  const counts = {
    edits: 0,
    'contexts, moved down': 0,
    'distributions, compared': 0,
    'suggestions, compared': 0,
    'passages, compared': 0,
  };
  let passages = 0;

  async function check({ kind, start, edits }: Input): Promise<void> {
    const { tokenizer, predictor } = models.get(kind)!;
    const { alphabet } = tokenizer;
    const marginalizer = new TokenMarginalizer(predictor, tokenizer);
    const model = new Ensemble(marginalizer, alphabet, ngrams, null);
    // The ensemble above does not learn; the one below does.
    const own = await runSteps(countNgrams(alphabet, learned.slice(0, 500)), pause);
    const learning = new Ensemble(marginalizer, alphabet, own, null);
    const token = (character: string) => alphabet.token(character);
    const documentStates = new DocumentStates<EnsemblePosition>(model, token);
    const typedTrail = new DocumentStates<EnsemblePosition>(learning, token);
    const completer = new Completer(model, null, tokenizer, () => 0);
    let lesson: Int32Array | null = null;
    const dynamicEvaluation = { learn: (tokens: Int32Array) => (lesson = tokens), dispose() {} };
    const taught = new Completer(
      learning,
      dynamicEvaluation as unknown as DynamicEvaluation,
      tokenizer,
      () => 0,
    );
    const walked = new Walked();
    const [cached, anew] = inspected.get(kind)!;
    const key = `document ${passages++}`;

    const history = [write(start.length, start.seed)];
    for (const [n, edit] of edits.entries()) {
      counts.edits++;
      let document = history.at(-1)!;
      let cursor = document.length;
      if (edit.undo && history.length > 1) {
        history.pop();
        document = history.at(-1)!;
        cursor = Math.round(edit.at[0] * document.length);
      } else {
        for (const at of edit.at) {
          const from = Math.round(at * document.length);
          document = document.slice(0, from) + edit.insert + document.slice(from + edit.remove);
          cursor = from + edit.insert.length;
        }
        history.push(document);
      }
      const plain = normalise(document.slice(0, cursor));
      const offset = contextStart(plain.length);
      const before = plain.slice(offset);
      const typed = Math.min(edit.typed, before.length);
      const context = walked.read(offset, before);
      if (context !== '') counts['contexts, moved down']++;

      if (edit.cancel !== null)
        await cancelled(edit.cancel, (until) => documentStates.read(offset, before, 0, until));
      const found = model.predict(await documentStates.read(offset, before, 0, pause));
      const slow = new DocumentStates<EnsemblePosition>(model, token);
      const wanted = model.predict(await slow.read(0, context + before, 0, pause));
      same('the distribution', found, wanted);
      counts['distributions, compared']++;
      if (documentStates.last(50) !== [...before].slice(-50).join(''))
        throw new Error(
          `The states end in ${JSON.stringify(documentStates.last(50))}, the text in ${JSON.stringify(before.slice(-50))}.`,
        );

      // Learning from what is typed changes the n-gram model, not the state of the network.
      const standing = await typedTrail.read(offset, before, typed, pause);
      const slowly = new DocumentStates<EnsemblePosition>(learning, token);
      const other = await slowly.read(0, context + before, 0, pause);
      same(
        'what the network expects while it is learned from what is typed',
        standing.reading!.logs,
        other.reading!.logs,
      );

      if (n % 3 === 0) {
        const cursorAt = { document: 'a', offset, before, typed: 0 };
        const fresh = new Completer(model, null, tokenizer, () => 0);
        const [some, others] = [
          await completer.suggest({ ...cursorAt, ...options }, pause),
          await fresh.suggest({ ...cursorAt, offset: 0, before: context + before, ...options }, pause),
        ].map((each) => JSON.stringify(each));
        if (some !== others) throw new Error(`The suggestions are ${some}, not ${others}.`);
        counts['suggestions, compared']++;
      } else {
        // The completer has to read the same contexts as `walked`.
        await completer.suggest({ document: 'a', offset, before, typed: 0, ...options, count: 1 }, pause);
      }
      lesson = null;
      await taught.suggest({ document: 'a', offset, before, typed, ...options }, pause);
      taught.learn();
      if (lesson) {
        const text = [...before].slice(-mostLessonCharacters).join('');
        same('a lesson', lesson, tokenizer.encode(text).slice(-lessonLength));
      }

      const passage = normalise(document).slice(0, 600);
      const ensemble = n % 4 === 3;
      const asked = { key, text: passage, from: 0, to: passage.length };
      if (edit.cancel !== null)
        await cancelled(edit.cancel, (until) => cached.surprise(asked, ensemble, until));
      const elsewhere = { ...asked, key: `anew ${passages++}` };
      const surprises = [
        await cached.surprise(asked, ensemble, pause),
        await anew.surprise(elsewhere, ensemble, pause),
      ];
      for (const name of ['offsets', 'bits', 'expected', 'probabilities'] as const)
        same(`the surprise's ${name}`, surprises[0][name], surprises[1][name]);
      const activations = [
        await cached.activations(asked, 2, pause),
        await anew.activations(elsewhere, 2, pause),
      ];
      same('the activations', activations[0].activations, activations[1].activations);
      counts['passages, compared']++;
    }
  }

  return {
    check,
    figures: () => counts,
    async close() {
      rmSync(directory, { recursive: true });
    },
  };
}

class Cancelled extends Error {}

async function cancelled(after: number, read: (pause: Pause) => Promise<unknown>): Promise<void> {
  let left = after;
  try {
    await read(async () => {
      if (left-- === 0) throw new Cancelled();
    });
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
  }
}

/**
 * Checks that numbers are equal. They are copied into arrays of one kind, since in a loop over several kinds V8 has found
 * equal numbers different, once in thousands of cases.
 */
function same(what: string, found: ArrayLike<number>, wanted: ArrayLike<number>): void {
  if (found.length !== wanted.length)
    throw new Error(`There are ${found.length} numbers of ${what}, not ${wanted.length}.`);
  const others = Float64Array.from(wanted);
  for (const [i, number] of Float64Array.from(found).entries()) {
    const other = others[i];
    if (number !== other && !(Number.isNaN(number) && Number.isNaN(other)))
      throw new Error(`Number ${i} of ${what} is ${number}, not ${other}.`);
  }
}
