// The network goes on learning from what is typed, in small steps: dynamic evaluation (Mikolov et al. 2010; Krause et
// al. 2018). A step that makes it forget the text that it was trained on is undone.
import type { Architecture, Engine, Predictor, TrainableNetwork, Weights } from '../../backend/engine.ts';

/** Tokens of a lesson that are learned. */
export const lessonSteps = 32;

/** Tokens before them that are read first, so that the lesson does not begin cold. */
const lead = 64;

/** Of a whole lesson: the last token is what comes after the last that is read. */
export const lessonLength = lead + lessonSteps + 1;

/** Plain gradient descent, as it has no memory that one text leaves to another. */
const firstRate = 0.2;
const clip = 1;

/** Lessons between two looks at the text that must not be forgotten. */
const lessonsPerCheck = 8;

/** How much larger its loss may get. */
const tolerance = 1.1;

/** Streams that it is read in, side by side. */
const checkRows = 8;

export class DynamicEvaluation {
  readonly #begin: () => TrainableNetwork;
  readonly #predictor: Predictor;
  /** [checkRows × n], and the token after each. */
  readonly #check: { x: Int32Array; y: Int32Array };
  #network: TrainableNetwork | null = null;
  #rate = firstRate;
  #lessons = 0;
  /** The last weights that had not forgotten, and the loss that is the measure. */
  #kept: Weights;
  #loss = Number.NaN;

  /** @param text its end is what must not be forgotten */
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

  /** @param tokens a lesson: more than `lessonSteps`, as many as `lessonLength` */
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
    if (!this.#network) {
      this.#network = this.#begin();
      this.#loss = this.#measure(this.#network);
    }
    return this.#network;
  }

  /** Keeps what has been learned, or goes back to what was kept and more slowly on. */
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
