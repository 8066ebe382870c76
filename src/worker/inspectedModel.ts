// A model on disk that reads passages and generates text. The network alone is available at once; the
// ensemble, which takes time and memory, is built when it is first asked for.
import type { Engine, Predictor } from '../backend/engine.ts';
import { type SampleOptions, sample } from '../completion/decoding/sampling.ts';
import { Ensemble } from '../completion/ensemble/ensemble.ts';
import { NetworkModel, type NetworkPosition } from '../completion/ensemble/networkModel.ts';
import type { NgramModel } from '../completion/ensemble/ngramModel.ts';
import { TokenMarginalizer } from '../completion/ensemble/tokenMarginalization.ts';
import { countedText, countNgrams, runSteps } from '../completion/ensemble/trainEnsemble.ts';
import type { Pause } from '../completion/stateCache/documentStates.ts';
import { type PassageReading, PassageStates } from '../completion/stateCache/passageStates.ts';
import { Tokenizer } from '../data/text/tokens/tokenizer.ts';
import { type Spelling, spell } from '../data/text/tokens/tokenSpans.ts';
import { featuresOf } from '../inspection/features.ts';
import { alternatives, type Surprise, surpriseWalk } from '../inspection/surprise.ts';
import { rankUnits } from '../inspection/units.ts';
import { verbatim } from '../inspection/verbatim.ts';
import {
  type ActivationSpans,
  type Generated,
  type Passage,
  quotedRuns,
  type SurpriseSpans,
  type Unit,
} from '../protocol/inspector.ts';
import { readText } from '../store/modelFolder.ts';
import { random } from '../tape/random.ts';
import { openNetwork } from './openNetwork.ts';
import type { Platform } from './platform.ts';

/** The number of passages whose readings are cached: a few more than are visible at once. */
const maximumPassages = 32;

/** The size of all cached states in bytes, and the usual number of tokens in a passage. */
const stateBytes = 50_000_000;
const usualPassage = 2304;

/** An open language model that is asked what it says of texts. */
export class InspectedModel {
  readonly revision: string;
  readonly #tokenizer: Tokenizer;
  /** The tokenizer of the ensemble, whose predictions are about characters whatever the network reads. */
  readonly #characters: Tokenizer;
  readonly #predictor: Predictor;
  readonly #network: NetworkModel;
  /**
   * The file of the training text, and the n-gram model of it, which is seldom asked for and takes long to
   * build.
   */
  readonly #textFile: string | null;
  readonly #ngrams: () => Promise<NgramModel>;
  readonly #ensemble: () => Promise<Ensemble>;
  readonly #text: () => string;
  readonly #surprises = new PassageCache<Surprise>(maximumPassages);
  readonly #states: PassageCache<Float32Array>;

  /**
   * Opens a model.
   * @param before the same model as it was, whose text may be the same
   * @throws Problem when there is no whole model in the directory
   */
  constructor(
    engine: Engine,
    { files, breathe }: Pick<Platform, 'files' | 'breathe'>,
    directory: string,
    revision: string,
    before: InspectedModel | null,
  ) {
    const { manifest, tokenizer, mixture, predictor } = openNetwork(engine, files, directory);
    this.revision = revision;
    this.#tokenizer = tokenizer;
    const { alphabet } = this.#tokenizer;
    this.#characters = new Tokenizer('characters', alphabet, []);
    this.#predictor = predictor;
    this.#network = new NetworkModel(this.#predictor);
    const kept = Math.floor(stateBytes / (4 * this.#predictor.stateSize * usualPassage));
    this.#states = new PassageCache(Math.min(maximumPassages, Math.max(1, kept)));
    this.#text = () => countedText(readText(files, directory, manifest));
    this.#textFile = manifest.text;
    this.#ngrams =
      before && before.#textFile === manifest.text
        ? before.#ngrams
        : once(() => runSteps(countNgrams(alphabet, this.#text()), breathe));
    this.#ensemble = once(
      async () =>
        new Ensemble(
          new TokenMarginalizer(this.#predictor, this.#tokenizer),
          alphabet,
          await this.#ngrams(),
          mixture?.data ?? null,
        ),
    );
  }

  async surprise(passage: Passage, ensemble: boolean, pause: Pause): Promise<SurpriseSpans> {
    const tokenizer = ensemble ? this.#characters : this.#tokenizer;
    const spelling = spell(tokenizer, passage.text);
    const key = `${ensemble} ${passage.key}`;
    const passageStates = ensemble
      ? this.#surprises.passageStates(key, surpriseWalk(await this.#ensemble()))
      : this.#surprises.passageStates(key, surpriseWalk(this.#network));
    const seen = await passageStates.read(spelling.tokens, pause);
    const { first, offsets } = within(spelling, passage);
    const asked = seen.slice(first, first + offsets.length - 1);
    const indices = new Map<number, number>();
    const indexOf = (token: number) => {
      const index = indices.get(token) ?? indices.size;
      indices.set(token, index);
      return index;
    };
    const expected = new Int32Array(asked.length * alternatives).fill(-1);
    const probabilities = new Float32Array(asked.length * alternatives);
    for (const [n, each] of asked.entries())
      for (const [rank, { token, probability }] of each.expected.entries()) {
        expected[n * alternatives + rank] = indexOf(token);
        probabilities[n * alternatives + rank] = probability;
      }
    return {
      offsets,
      bits: Float32Array.from(asked, ({ bits }) => bits),
      expected,
      probabilities,
      texts: Array.from(indices.keys(), (token) => tokenizer.symbols[token]),
    };
  }

  async units(text: string, pause: Pause): Promise<readonly Unit[]> {
    const { tokens, offsets } = spell(this.#tokenizer, text);
    const states = [...(await new PassageStates(this.#stateWalk()).read(tokens, pause))];
    const values = Object.fromEntries(
      // The features of a token are those of its last character.
      Object.entries(featuresOf(text)).map(([feature, of]) => [
        feature,
        Float32Array.from(tokens, (_, n) => of[offsets[n + 1] - 1]),
      ]),
    );
    return rankUnits(this.#predictor.states, states, values as ReturnType<typeof featuresOf>);
  }

  async activations(passage: Passage, unit: number, pause: Pause): Promise<ActivationSpans> {
    const spelling = spell(this.#tokenizer, passage.text);
    const states = await this.#states
      .passageStates(passage.key, this.#stateWalk())
      .read(spelling.tokens, pause);
    const { first, offsets } = within(spelling, passage);
    return {
      offsets,
      activations: Float32Array.from({ length: offsets.length - 1 }, (_, n) => states[first + n][unit]),
    };
  }

  /** Generates text. @param write receives the text as it is generated */
  async generate(
    { prompt, seed, ...options }: { prompt: string; seed: number } & Omit<SampleOptions, 'random'>,
    pause: Pause,
    write: (text: string) => void,
  ): Promise<Generated> {
    let written = '';
    for (const text of sample(this.#predictor, this.#tokenizer, prompt, {
      ...options,
      random: random(seed),
    })) {
      write(text);
      written += text;
      await pause();
    }
    const text = this.#text();
    const { shares, longest } = verbatim(written, text, quotedRuns);
    return { length: written.length, quoted: shares, longestQuote: longest, compared: text.length };
  }

  dispose(): void {
    this.#predictor.dispose();
  }

  #stateWalk(): PassageReading<NetworkPosition, Float32Array> {
    return {
      begin: () => this.#network.begin(),
      read: (position, token) => this.#network.read(position, token),
      see: (_before, _token, { state }) => state,
    };
  }
}

/** Returns a function that makes the value when it is first called. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * Returns the requested tokens of a passage: the index of the first, the offsets at which they begin, and the
 * end of the last.
 */
function within({ offsets }: Spelling, { from, to }: Passage): { first: number; offsets: Int32Array } {
  let first = 0;
  while (first < offsets.length - 1 && offsets[first] < from) first++;
  let last = first;
  while (last < offsets.length - 1 && offsets[last] < to) last++;
  return { first, offsets: offsets.slice(first, last + 1) };
}

/** Cached states of the passages that were read last. */
class PassageCache<Seen> {
  readonly #most: number;
  readonly #passages = new Map<string, { read: PassageStates<unknown, Seen>['read'] }>();

  constructor(most: number) {
    this.#most = most;
  }

  passageStates<Position>(
    key: string,
    walk: PassageReading<Position, Seen>,
  ): { read: PassageStates<unknown, Seen>['read'] } {
    const passageStates = this.#passages.get(key) ?? new PassageStates(walk);
    this.#passages.delete(key);
    this.#passages.set(key, passageStates);
    if (this.#passages.size > this.#most) this.#passages.delete(this.#passages.keys().next().value!);
    return passageStates;
  }
}
