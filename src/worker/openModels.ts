// The models that the prediction worker keeps open, which are the last that were used, as many as fit a bound in
// bytes. A large one takes a hundred megabytes, and a workspace may have hundreds of models. A text that is counted
// stands for the model that is to come.
import type { Engine } from '../backend/engine.ts';
import type { RecalledTail } from '../completion/ensemble/ensemble.ts';
import { countedText, runSteps } from '../completion/ensemble/trainEnsemble.ts';
import { joinDocuments, lastCharacters, normalise, wholeCharacters, wholeEnd } from '../data/text/corpus.ts';
import { Vocabulary } from '../data/text/vocabulary.ts';
import type { ModelReference } from '../protocol/modelReference.ts';
import { counted } from '../protocol/predictor.ts';
import type { TrainingDocument } from '../protocol/trainer.ts';
import { lastDocuments } from '../store/textFile.ts';
import {
  closeModel,
  countingBytes,
  countWhole,
  leastBytes,
  memoryOf,
  type OpenModel,
  openCounts,
  openModel,
} from './openModel.ts';
import type { Platform } from './platform.ts';

/**
 * The bytes that the open models may take together: weights, counts, states and texts. The worker takes some 100 MB
 * besides, and as much again while it opens a model.
 */
export const mostModelBytes = 96_000_000;

/**
 * The characters of the texts that closed models read again when they are reopened; the oldest beyond
 * these are dropped.
 */
const mostToldCharacters = 10_000_000;

/**
 * The length of the end of a text that is counted first, so that there are suggestions in a fraction of a
 * second however long the text is.
 */
const countedFirst = 30_000;

interface LoadedModel extends OpenModel {
  readonly revision: string;
}

/** A model that is open with its text's end, and the counting of all of it. */
interface Counting {
  readonly first: LoadedModel;
  readonly steps: Generator<void, OpenModel>;
  /** The bytes that this takes while it is under way, about. */
  readonly bytes: number;
}

interface Told {
  readonly model: string;
  readonly text: string;
}

/** Opens what the whole of a text tells. */
function* openWhole(text: string): Generator<void, OpenModel> {
  return yield* openCounts(Vocabulary.of(text), countedText(text));
}

export class OpenModels {
  readonly #engine: Promise<Engine>;
  readonly #platform: Pick<Platform, 'files' | 'breathe'>;
  readonly #read: (documents: OpenModel['otherDocuments'], text: string) => void;
  readonly #goOnWith: (steps: Generator<void>) => void;
  readonly #mostBytes: number;
  /** The models whose texts are yet to be counted whole while their ends are open, by folder. */
  readonly #uncounted = new Map<string, Counting>();
  /** The one of them that is being counted. */
  #counting: Counting | null = null;
  /** The open models by folder, the most recently used last. */
  readonly #models = new Map<string, LoadedModel>();
  #told: Told[] = [];
  /** The models whose networks are reading what suggestions did not wait for. */
  readonly #catchingUp = new WeakSet<LoadedModel>();

  /**
   * @param read lets a model read a text in slices; it is called again for a reopened model's texts
   * @param goOnWith does work in slices between requests: it counts a text, lets a network join a mixture, or catch up
   * @param mostBytes the bytes that the open models may take; the one that was used last is open in any case
   */
  constructor(
    engine: Promise<Engine>,
    platform: Pick<Platform, 'files' | 'breathe'>,
    read: (documents: OpenModel['otherDocuments'], text: string) => void,
    goOnWith: (steps: Generator<void>) => void,
    mostBytes = mostModelBytes,
  ) {
    this.#engine = engine;
    this.#platform = platform;
    this.#read = read;
    this.#goOnWith = goOnWith;
    this.#mostBytes = mostBytes;
  }

  /** Returns the model if it is open. */
  get(model: string): OpenModel | undefined {
    return this.#models.get(model);
  }

  /**
   * Opens a model; one that was not open suggests as soon as its text's end is counted, and has the whole text counted some
   * time after. @throws Problem when there is no whole model in the folder; one that was open stays open
   */
  async load({ model, revision }: ModelReference): Promise<OpenModel> {
    const loaded = this.#models.get(model);
    // The revision is the requested one; the model on disk may be newer already.
    if (!loaded) this.trim(leastBytes(this.#platform, model));
    const fresh =
      loaded && (loaded.revision === revision || this.#uncounted.get(model)?.first === loaded)
        ? loaded
        : {
            ...(await openModel(await this.#engine, this.#platform, model, loaded, { end: countedFirst })),
            revision,
          };
    this.#keep(model, fresh);
    if (loaded !== fresh && fresh.uncounted !== null) this.#countLater(model, fresh, countWhole(fresh));
    if (loaded !== fresh && fresh.tail) this.#goOnWith(this.#joining(model, fresh, fresh.tail));
    return fresh;
  }

  /** Returns a text that was counted, or the model that has taken its place; null where there is none. */
  loadCounted(model: string): OpenModel | null {
    const loaded = this.#models.get(model);
    if (loaded) this.#keep(model, loaded);
    return loaded ?? null;
  }

  /**
   * Counts a text, its end first: that is open when the promise settles, and the whole text some time after.
   * @param model its name, by which a model of the same text is known later
   * @throws Problem when a document cannot be read
   */
  async count(model: string, documents: readonly TrainingDocument[]): Promise<void> {
    const { breathe, files } = this.#platform;
    const read = lastDocuments(files, documents, wholeCharacters);
    const text = wholeEnd(normalise(joinDocuments(read)));
    const end = lastCharacters(text, countedFirst);
    const opened = await runSteps(openCounts(Vocabulary.of(end), end), breathe);
    const first = { ...opened, uncounted: end === text ? null : text, revision: counted };
    this.#keep(model, first);
    if (end !== text) this.#countLater(model, first, openWhole(text));
  }

  #countLater(model: string, first: LoadedModel, steps: Generator<void, OpenModel>): void {
    this.#uncounted.set(model, { first, steps, bytes: countingBytes(first.uncounted!) });
    if (this.#counting === null) this.#countNext();
  }

  /**
   * Begins to count the whole text of the model that was used last. One text is counted at a time: each takes some 60 MB, and
   * somebody who looks through their files opens many models in the time that it takes to count one text.
   */
  #countNext(): void {
    this.#counting = null;
    for (const [model, { first }] of this.#uncounted)
      if (this.#models.get(model) !== first) this.#uncounted.delete(model);
    const next = [...this.#models.keys()].findLast((model) => this.#uncounted.has(model));
    if (next === undefined) return;
    this.#counting = this.#uncounted.get(next)!;
    this.trim();
    this.#goOnWith(this.#countWhole(next, this.#counting));
  }

  /** Puts a model whose whole text is counted in the place of the one with the text's end, if that is still open then. */
  *#countWhole(model: string, { first, steps }: Counting): Generator<void> {
    while (this.#models.get(model) === first) {
      const { done, value } = steps.next();
      if (done) {
        this.#counting = null;
        this.#keep(model, { ...value, revision: first.revision });
      } else yield;
    }
    this.#countNext();
  }

  /**
   * Closes models, those that were used longest ago first, until the others fit. States grow as texts are read.
   * @param more the bytes of a model that is about to be opened
   */
  trim(more = 0): void {
    let bytes = more;
    for (const model of this.#models.values()) bytes += this.#bytesOf(model);
    for (const [name, model] of this.#models) {
      if (bytes <= this.#mostBytes || this.#models.size === 1) return;
      bytes -= this.#bytesOf(model);
      closeModel(model);
      this.#models.delete(name);
    }
  }

  /** Returns the bytes that a model takes, with what counting its whole text takes at present. */
  #bytesOf(model: LoadedModel): number {
    return memoryOf(model) + (this.#counting?.first === model ? this.#counting.bytes : 0);
  }

  /** Puts a model in the place of the one of its name, and closes those that no longer fit. */
  #keep(model: string, fresh: LoadedModel): void {
    const before = this.#models.get(model);
    if (before && before.network !== fresh.network) closeModel(before);
    this.#models.delete(model);
    this.#models.set(model, fresh);
    if (before?.otherDocuments !== fresh.otherDocuments)
      for (const told of this.#told) if (told.model === model) this.#read(fresh.otherDocuments, told.text);
    this.trim();
  }

  /** Lets the network of a model join its mixture for as long as the model is open. */
  *#joining(model: string, fresh: LoadedModel, tail: RecalledTail): Generator<void> {
    for (const _ of fresh.ensemble.join(tail)) {
      if (this.#models.get(model) !== fresh) return;
      yield;
    }
  }

  /** Lets a slow network read what a suggestion did not wait for, for as long as the model is open. */
  catchUp(model: string): void {
    const open = this.#models.get(model);
    if (!open?.completer.isBehind || this.#catchingUp.has(open)) return;
    this.#catchingUp.add(open);
    this.#goOnWith(this.#readOn(model, open));
  }

  *#readOn(model: string, open: LoadedModel): Generator<void> {
    for (const _ of open.completer.catchUp()) {
      if (this.#models.get(model) !== open) return;
      yield;
    }
    this.#catchingUp.delete(open);
  }

  /** Lets a model read a text, again after it has been closed and reopened. @throws Problem as `load` does */
  async tell(reference: ModelReference, text: string): Promise<void> {
    const { otherDocuments } = await this.load(reference);
    this.#read(otherDocuments, text);
    const { model } = reference;
    if (this.#told.some((each) => each.model === model && each.text === text)) return;
    this.#told.push({ model, text });
    let characters = this.#told.reduce((sum, each) => sum + each.text.length, 0);
    while (characters > mostToldCharacters) characters -= this.#told.shift()!.text.length;
  }
}
