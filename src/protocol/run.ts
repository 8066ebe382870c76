// The data of a training run. It is plain data, since it crosses every border (worker, host, webview, disk).
// All losses of a run are in the unit that `RunStart.lossUnit` names.
import type { Alignment } from './alignment.ts';
import type { Confusion } from './confusion.ts';
import type { HeldOutForecast } from './forecast.ts';
import type { LearningCurve } from './learningCurve.ts';
import type { Baseline, Measures } from './metric.ts';
import type { PredictedNumbers } from './regression.ts';

/** The measurements of one update. */
export interface StepPoint {
  readonly step: number;
  /** The seconds since the run began, without pauses. */
  readonly seconds: number;
  readonly loss: number;
  /** The global norm of the gradients before clipping. */
  readonly gradientNorm: number;
  /** The clipping threshold of this update; null without clipping. */
  readonly clip: number | null;
}

/** The values that one state has on the held-out part, besides its loss. */
export interface Measured {
  /** The value of the run's metric; absent where the run is judged by the loss itself. */
  readonly metric?: number;
  /** The values of further metrics by name, such as the macro F1 beside the accuracy. */
  readonly furtherMetrics?: Readonly<Record<string, number>>;
}

/** One measurement on the held-out part. */
export interface ValidationPoint extends Measured {
  readonly step: number;
  readonly seconds: number;
  /** The validation loss. */
  readonly loss: number;
}

/**
 * Measurements inside the network on one stretch of text. The names are those of its weights, such as
 * `layers.0.h`.
 */
export interface ProbePoint {
  readonly step: number;
  readonly seconds: number;
  /**
   * The gradient by lag of each state: the norm of the gradient of one step's loss with respect to the state
   * 0, 1, … steps back.
   */
  readonly gradientByLag: Readonly<Record<string, readonly number[]>>;
  /** The share of units and steps near a limit, for each gate. */
  readonly saturation: Readonly<Record<string, number>>;
  /** The spectral radius of each recurrent matrix. */
  readonly spectralRadius: Readonly<Record<string, number>>;
  /**
   * The largest Lyapunov exponents along the stretch of text, in nats a step. Older histories have none, and networks
   * that carry no state have none either.
   */
  readonly lyapunov?: readonly number[];
  /** A passage that the network read and wrote. Only the latest one is kept, and older histories have none. */
  readonly passage?: ProbedPassage;
}

/** The record of a network that read a stretch of text and, if it can, went on writing by itself. */
export interface ProbedPassage {
  /** The texts of the tokens in the order of reading: those that were read, then the first that it has written. */
  readonly tokens: readonly string[];
  /** The number of tokens that were read. */
  readonly read: number;
  /** The texts of all tokens that it has written, in the order of the text. */
  readonly written: readonly string[];
  /** The surprise of each of these in bits, −log₂ of the probability that the network gave to it. */
  readonly surprise: readonly number[];
  /** The states and gates by name, such as `layers.0.h`. */
  readonly vectors: Readonly<Record<string, VectorValues>>;
  /** The mean absolute value of each state's units at the tokens that were read, [read]. */
  readonly activation: Readonly<Record<string, readonly number[]>>;
  /** The path of the last layer's state; null where it has fewer than two units. */
  readonly path: StatePath | null;
  /** The states on which one token's loss depends; missing where no layer reads both ways, and in older histories. */
  readonly around?: Around;
  /** The losses of reading the true text and of reading its own; null where the network writes nothing. */
  readonly freeRunning: FreeRunning | null;
}

/**
 * The strength with which the loss of one token of a row depends on the states of a bidirectional layer (Schuster & Paliwal 1997) at
 * each token: the norm of its gradient.
 */
export interface Around {
  /** The place of the token whose loss it is. */
  readonly at: number;
  /** The gradient by the state of the cell that reads from the start, and of that from the end, [read] each. */
  readonly forward: readonly number[];
  readonly backward: readonly number[];
}

/** The values of some units of a vector. */
export interface VectorValues {
  /** The number of units of the vector. */
  readonly width: number;
  /** The indices of the units that are given: those that vary most, the slowest one first. */
  readonly units: readonly number[];
  /** The values of each given unit at the passage's tokens, [units][tokens]. */
  readonly values: readonly (readonly number[])[];
}

/** The path of a state in the plane of its first two principal components (Pearson 1901). */
export interface StatePath {
  readonly state: string;
  /** The point after each token, [tokens][2]. */
  readonly points: readonly (readonly number[])[];
  /** The shares of the state's variance that the two components have. */
  readonly explained: readonly number[];
  /** The states at which it comes to rest under the passage's commonest tokens; missing where nothing is written, and in older histories. */
  readonly fixedPoints?: readonly RestingPoint[];
}

/** The point at which a state comes to rest while the network reads one token again and again. */
export interface RestingPoint {
  readonly token: string;
  readonly point: readonly number[];
}

/**
 * The mean loss of the token k steps after a passage, for k = 0, 1, …, in bits per token. With teacher forcing
 * the network reads the true tokens in between (Williams & Zipser 1989), running freely those that it has drawn.
 */
export interface FreeRunning {
  readonly forced: readonly number[];
  readonly free: readonly number[];
}

/** A text that the best state so far generates. */
export interface SamplePoint {
  readonly step: number;
  /** The temperature, by which the logits were divided; null where the likeliest text was searched for. */
  readonly temperature: number | null;
  readonly text: string;
  /**
   * The surprise in bits per character, for each UTF-16 unit of the text: −log₂ of the probability that the
   * network itself gave to the character's token. Missing in older histories.
   */
  readonly surprise?: readonly number[];
  /** The alignment of each line; missing where the network has no attention. */
  readonly alignments?: readonly Alignment[];
}

/**
 * Returns the surprise in bits per character, for each UTF-16 unit of the text of a token. A character beyond the basic
 * plane, such as an emoji, has two units and is one character.
 * @param bits the surprise of the token
 */
export function surprisePerCharacter(text: string, bits: number): number[] {
  return Array.from({ length: text.length }, () => bits / [...text].length);
}

/** The default temperature: high enough for variety, low enough for readable text. */
export const defaultTemperature = 0.8;

/** The largest temperature; a higher one yields nothing but noise. */
export const maximumTemperature = 5;

/** The number of samples kept. */
const samplesKept = 5;

/** Something that happened to the run at a step and that a reader of the curves should know. */
export interface RunNote {
  readonly step: number;
  readonly text: string;
}

export interface RunPoints {
  readonly steps: readonly StepPoint[];
  readonly validations: readonly ValidationPoint[];
  readonly probes: readonly ProbePoint[];
  /** The last few samples. */
  readonly samples: readonly SamplePoint[];
  readonly notes: readonly RunNote[];
}

/** A buffer of points that are still being collected. */
export interface RunPointsBuffer extends RunPoints {
  readonly steps: StepPoint[];
  readonly validations: ValidationPoint[];
  readonly probes: ProbePoint[];
  readonly samples: SamplePoint[];
  readonly notes: RunNote[];
}

export function emptyPoints(): RunPointsBuffer {
  return { steps: [], validations: [], probes: [], samples: [], notes: [] };
}

export function appendPoints(to: RunPointsBuffer, from: RunPoints): void {
  for (const step of from.steps) to.steps.push(step);
  for (const validation of from.validations) to.validations.push(validation);
  for (const probe of from.probes) {
    const last = to.probes.at(-1);
    if (probe.passage && last?.passage) to.probes[to.probes.length - 1] = withoutPassage(last);
    to.probes.push(probe);
  }
  to.samples.push(...from.samples);
  to.samples.splice(0, to.samples.length - samplesKept);
  for (const note of from.notes) to.notes.push(note);
}

function withoutPassage({ passage: _, ...probe }: ProbePoint): ProbePoint {
  return probe;
}

/** Returns the points that were known at a step. */
export function pointsUntil(
  { steps, validations, probes, samples, notes }: RunPoints,
  step: number,
): RunPoints {
  const until = <Point extends { readonly step: number }>(points: readonly Point[]) =>
    points.filter((point) => point.step <= step);
  return {
    steps: until(steps),
    validations: until(validations),
    probes: until(probes),
    samples: until(samples),
    notes: until(notes),
  };
}

/** The numbers of rows of a table: without a label they are empty, and those that do not fit are skipped. */
export interface RowCounts {
  readonly train: number;
  readonly heldOut: number;
  readonly skipped: number;
  readonly empty: number;
}

export interface RunStart extends Measures {
  /** The task, by its name in the literature: `language model`. */
  readonly task: string;
  /** The layers, such as `LSTM 128, LSTM 128`. */
  readonly layers: string;
  readonly engine: string;
  /** Why it is this engine, as in `2.0 times as fast here`; missing in older histories and where there is nothing to say. */
  readonly engineReason?: string;
  /** A sentence if the engine is not the one that was asked for, else null. */
  readonly fallback: string | null;
  /**
   * Sentences on what of the text is not as the user may expect: only a part is used, or characters are rare.
   */
  readonly remarks: readonly string[];
  readonly parameters: number;
  readonly vocabulary: number;
  /** The kind of tokens and the mean number of characters of one; missing in the oldest histories. */
  readonly tokens?: { readonly kind: 'characters' | 'words' | 'pieces'; readonly length: number };
  readonly characters: number;
  /** The numbers of rows of a table; missing where a text is trained on. */
  readonly rows?: RowCounts;
  /** The results without a network that the run has to beat: values of its metric, or of its loss where that is the metric. */
  readonly baselines: readonly Baseline[];
  /** The budget; null is no limit. */
  readonly seconds: number | null;
  readonly epochs: number | null;
  /**
   * The steps between two updates, and those over which gradients go back. Missing in older histories, and
   * where rows are read whole.
   */
  readonly window?: { readonly k1: number; readonly k2: number };
  /** The direction in which a language model reads; missing in older histories, and for other tasks. */
  readonly direction?: 'forward' | 'backward';
  /** The equation of each vector, such as `h[t] = tanh(W x[t] + U h[t-1] + b)`. Missing in older histories. */
  readonly equations?: Readonly<Record<string, string>>;
}

/** The progress of a run, sent a few times a second. */
export interface RunProgress {
  readonly step: number;
  readonly seconds: number;
  readonly tokensPerSecond: number;
  readonly epoch: number;
  /** The used share of the budget, in [0, 1]. */
  readonly fraction: number;
  /** The seconds until the budget ends; null before they can be estimated. */
  readonly secondsLeft: number | null;
  /** The learning rate as it is set, before warm-up, decay and reductions after divergence apply to it. */
  readonly learningRate: number;
  /** The threshold of gradient clipping; null without clipping or if the threshold adapts. */
  readonly threshold: number | null;
}

/** A command to a run while it lasts. */
export type RunCommand =
  /** Pauses the run and keeps the optimiser, the random numbers and the place in the text. */
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  /** Ends the run early and keeps what it has learned. */
  | { readonly type: 'stop' }
  /**
   * Returns to the same initial weights, with the current learning rate and threshold; a paused run stays
   * paused.
   */
  | { readonly type: 'rewind' }
  /** Extends the run by its budget; a run that ended before its budget continues with the rest of it. */
  | { readonly type: 'extend' }
  | { readonly type: 'learningRate' | 'threshold'; readonly value: number };

/** A run ends as `diverged` where its loss is no number any more and it does not recover. */
export type RunEnd = 'budget' | 'stopped' | 'early stop' | 'diverged';

/** The result of a run. The values of metrics are those of the best state, as its validation loss is. */
export interface RunResult extends Measured {
  readonly end: RunEnd;
  readonly steps: number;
  readonly tokens: number;
  /** The number of characters that these tokens stand for. */
  readonly characters: number;
  readonly seconds: number;
  readonly tokensPerSecond: number;
  readonly trainLoss: number;
  /** The validation loss of the best state; null if the text was too short for a held-out part. */
  readonly validationLoss: number | null;
  /**
   * Whether the kept state is the best one after it has learned the held-out part too; missing in the oldest
   * histories.
   */
  readonly learnedHeldOut?: boolean;
  /**
   * Whether it had learned the held-out part before it was measured there, as a state that was imported may have: the
   * values are then those of known text. It is missing where it had not.
   */
  readonly learnedBefore?: boolean;
  readonly bestStep: number;
  /** The confusion matrix of the best state on the held-out rows; missing where a task has no classes. */
  readonly confusion?: Confusion;
  /** The metric that parts of the rows reach; it is missing where that was not measured. */
  readonly learningCurve?: LearningCurve;
  /** The forecast of the first held-out rows; missing where a task forecasts no numbers. */
  readonly forecast?: HeldOutForecast;
  /** The numbers that were predicted for held-out rows; missing where a task predicts none of a row. */
  readonly predicted?: PredictedNumbers;
}

export type RunStatus =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'ended'; readonly result: RunResult }
  | { readonly kind: 'failed'; readonly message: string }
  /** Another window, or the command line, trains it; what is shown is how far it had come when it was read. */
  | { readonly kind: 'elsewhere' };

/** Everything that is kept and shown of a run. */
export interface RunSnapshot {
  readonly title: string;
  /** The time at which the run began, in ISO 8601. */
  readonly date: string;
  readonly status: RunStatus;
  readonly start: RunStart | null;
  readonly progress: RunProgress | null;
  readonly points: RunPoints;
}
