// Dynamic evaluation (Mikolov et al. 2010; Krause et al. 2018): the network goes on learning from what is
// typed, in small updates. Updates that make it forget the text that it was trained on are undone.
import type { Architecture, Engine, Predictor, TrainableNetwork, Weights } from '../../backend/engine.ts';

/** The number of tokens that an update learns. */
export const lessonSteps = 32;

/** The number of tokens before them that are read first, so that the update does not start from h[0]. */
const lead = 64;

/** The number of tokens of a whole update; the last one is only a target. */
export const lessonLength = lead + lessonSteps + 1;

/**
 * The initial learning rate and the clipping threshold of plain gradient descent, which has no memory that
 * one text could leave to another.
 */
const firstRate = 0.2;
const clip = 1;

/** The number of updates between two measurements of the loss on the text that must not be forgotten. */
const lessonsPerCheck = 8;

/** The factor by which that loss may grow. */
const tolerance = 1.1;

/** The number of rows in which that text is read side by side. */
const checkRows = 8;

/**
 * Trains a copy of the network, and loads its weights into the predictor after each update.
 */
export class DynamicEvaluation {
  /** Makes the network; null once it is made, so that the weights from which it began are not kept. */
  #begin: (() => TrainableNetwork) | null;
  readonly #predictor: Predictor;
  /** The tokens that must not be forgotten, and the token after each of them: [checkRows × n]. */
  readonly #check: { x: Int32Array; y: Int32Array };
  #network: TrainableNetwork | null = null;
  #rate = firstRate;
  #lessons = 0;
  /** The last weights that had not forgotten the text, and its loss before any update. */
  #kept: Weights;
  #loss = Number.NaN;

  /** @param text the text whose end must not be forgotten */
  constructor(
    engine: Engine,
    architecture: Architecture,
    weights: Weights,
    predictor: Predictor,
    text: Int32Array,
  ) {
    const shape = { batch: 1, steps: lessonSteps, optimizer: { kind: 'sgd' }, dropout: 0, seed: 0 } as const;
    this.#begin = () => engine.train(architecture, shape, weights);
    this.#predictor = predictor;
    this.#kept = weights;
    const length = Math.floor((text.length - 1) / checkRows);
    const rows = (shift: number) =>
      Int32Array.from(
        { length: Math.max(0, checkRows * length) },
        (_, at) => text[Math.floor(at / length) * length + (at % length) + shift],
      );
    this.#check = { x: rows(0), y: rows(1) };
  }

  /** The bytes of the network that learns, and of the weights that are kept. */
  get memoryBytes(): number {
    let numbers = 0;
    for (const { data } of this.#kept.values()) numbers += data.length;
    return 4 * numbers + (this.#network?.memoryBytes ?? 0);
  }

  /** Makes one update. @param tokens more than `lessonSteps` and at most `lessonLength` tokens */
  learn(tokens: Int32Array): void {
    const network = this.#started();
    const from = tokens.length - lessonSteps - 1;
    network.reset();
    if (from > 0) network.advance(tokens.slice(0, from));
    const { loss } = network.step(tokens.slice(from, -1), tokens.slice(from + 1), {
      learningRate: this.#rate,
      clip,
      l1: 0,
      l2: 0,
      carry: lessonSteps,
    });
    if (!Number.isFinite(loss) || ++this.#lessons % lessonsPerCheck === 0) this.#look(network);
    this.#predictor.load(network.weights());
  }

  dispose(): void {
    this.#network?.dispose();
  }

  #started(): TrainableNetwork {
    if (this.#begin) {
      this.#network = this.#begin();
      this.#begin = null;
      this.#loss = this.#measure(this.#network);
    }
    return this.#network!;
  }

  /** Keeps the new weights, or goes back to the kept ones and halves the learning rate. */
  #look(network: TrainableNetwork): void {
    const loss = this.#measure(network);
    if (loss <= tolerance * this.#loss) {
      this.#kept = network.weights();
      return;
    }
    network.load(this.#kept);
    this.#rate /= 2;
  }

  #measure(network: TrainableNetwork): number {
    const { x, y } = this.#check;
    return x.length > 0 ? network.evaluate(x, y, checkRows) : 0;
  }
}
