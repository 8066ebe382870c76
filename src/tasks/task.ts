// A task brings a dataset, a network and a metric to a run. The run itself is the same for all tasks.
import type {
  Architecture,
  Engine,
  Predictor,
  TrainableNetwork,
  Weight,
  Weights,
} from '../backend/engine.ts';
import type { Drawn } from '../completion/decoding/sampling.ts';
import type { Dataset } from '../data/dataset.ts';
import type { PairVocabularies } from '../data/pairs/pairs.ts';
import type { Tokenizer } from '../data/text/tokens/tokenizer.ts';
import type { Confusion } from '../protocol/confusion.ts';
import type { HeldOutForecast } from '../protocol/forecast.ts';
import type { LearningCurve } from '../protocol/learningCurve.ts';
import type { PredictedNumbers } from '../protocol/regression.ts';
import type { FreeRunning, Measured, RunStart, SamplePoint } from '../protocol/run.ts';
import type {
  StoredPairs,
  StoredRegression,
  StoredSeries,
  StoredTable,
  StoredTagging,
  TaskName,
} from '../protocol/task.ts';
import type { RunConfiguration } from '../training/configuration.ts';
import type { MeasuredMetric } from '../training/measure.ts';
import type { Trained } from '../training/runSetting.ts';

/** A run is prepared from this and from the data, of which each task has its own kind. */
export interface TaskRequest {
  readonly configuration: RunConfiguration;
  /** The earlier run on the same data that this one goes on from; null begins at the beginning. */
  readonly earlier: {
    readonly tokenizer: Tokenizer | null;
    readonly vocabularies: PairVocabularies | null;
  } | null;
  /** Starts the engine of the run. It is the same one whenever it is asked for. */
  readonly engine: () => Promise<Engine>;
  readonly breathe: () => Promise<void>;
  /** Returns the time in milliseconds, by the clock of the budget. */
  readonly now: () => number;
}

export interface SampleOptions {
  readonly step: number;
  readonly temperature: number;
  /** The seed, which determines the sample. */
  readonly seed: number;
}

export interface FreeRunOptions {
  readonly temperature: number;
  /** The seed, which determines what is written. */
  readonly seed: number;
  /** The number of tokens to write. */
  readonly length: number;
}

/** A text that a network writes by itself, and its losses while it does, beside those of teacher forcing. */
export interface FreeRun {
  readonly written: readonly Drawn[];
  /** Null where there is too little text to measure them on. */
  readonly losses: FreeRunning | null;
}

/** A run whose training has ended. */
export interface Ending {
  readonly trained: Trained;
  /** The network of the run, whose state is the same afterwards. */
  readonly network: TrainableNetwork;
  /** Predicts with the weights of the best state. */
  readonly predictor: () => Predictor;
}

/** A run whose model has been kept, and whose learning curve can be measured. */
export interface KeptRun {
  readonly trained: Trained;
  readonly finished: Finished;
  /** Returns whether a command waits for the run, so that the curve is given up. */
  readonly isAwaited: () => boolean;
  /** Is called where the curve is measured, which takes as long as the run again, or a minute. */
  readonly begins: () => void;
}

/** The changes to the best state at the end of a run. */
export interface Finished {
  /** The weights after the held-out part has been learned; null where it has not. */
  readonly learned: Weights | null;
  /** The weights that are kept in place of those, with a spread that is calibrated; missing where none is. */
  readonly calibrated?: Weights;
  /** The weights of the ensemble's mixture; null where there is none. */
  readonly mixture: Weight | null;
  /** The values of the whole model on the held-out part; missing where they are those of the network. */
  readonly measured?: Measured;
  /** The confusion matrix on the held-out rows; missing where the task has no classes. */
  readonly confusion?: Confusion;
  /** The forecast of the first held-out rows; missing where the task forecasts no numbers. */
  readonly forecast?: HeldOutForecast;
  /** The numbers that were predicted for held-out rows; missing where the task predicts none of a row. */
  readonly predicted?: PredictedNumbers;
  /** Sentences about what could not be done. */
  readonly remarks: readonly string[];
}

/** A network with n-grams. */
export interface MeasuredEnsemble {
  /** The weights of the mixture; null where the network stays alone. */
  readonly mixture: Weight | null;
  /** The values of the whole model on the held-out part. */
  readonly measured: Measured;
}

/** A task that has read its data, and knows what a run does with it. */
export interface PreparedTask {
  readonly name: TaskName;
  readonly dataset: Dataset;
  /** The unit of all losses of the run. */
  readonly lossUnit: string;
  /** The metric that the run is judged by; null where that is the validation loss. */
  readonly metric: MeasuredMetric | null;
  readonly architecture: Architecture;
  /** The tokenizer of a text; null where numbers or pairs are read. */
  readonly tokenizer: Tokenizer | null;
  /** Returns the text of the first token of a step; missing where the tokenizer has the texts of all tokens. */
  textOf?(token: number): string;
  /** The end of the text from which it is read and written; by default, its beginning. */
  readonly direction?: 'forward' | 'backward';
  /** The text that is kept with the model. */
  readonly text: string;
  /** The length and digest of a text of which only the end is kept; missing where it is kept whole. */
  readonly longText?: { readonly characters: number; readonly digest: string };
  /** The columns of a table that are read and written; missing where a text is trained on. */
  readonly table?: StoredTable;
  /** The columns of which a number follows from the others; missing where the task predicts none of a row. */
  readonly regression?: StoredRegression;
  /** The columns of numbers that are read and predicted; missing where the task reads none. */
  readonly series?: StoredSeries;
  /** The columns of a tagged text that are read and written; missing where there are no tags. */
  readonly tagging?: StoredTagging;
  /** The columns of texts that are read and written, with their vocabularies; missing where there are no pairs. */
  readonly pairs?: StoredPairs;
  readonly start: Pick<RunStart, 'vocabulary' | 'tokens' | 'characters' | 'rows' | 'remarks'>;
  /** The milliseconds of the budget that were spent on preparing. */
  readonly spent: number;
  /**
   * Lets the network with these weights generate a sample. @returns null where it generates nothing
   * @param predictor predicts with the weights
   */
  sample(weights: Weights, predictor: () => Predictor, options: SampleOptions): SamplePoint | null;
  /**
   * Lets the network read a row and go on writing in the order of reading; missing where it writes nothing.
   * @throws Problem where the network's predictions are not numbers
   */
  freeRun?(predictor: Predictor, read: Int32Array, options: FreeRunOptions): FreeRun;
  /**
   * Learns how the network with these weights is mixed with n-grams, and what both come to; missing where the task does
   * not mix it. The network's state is the same afterwards. @returns null where it stays alone, unmeasured
   */
  ensembleOf?(network: TrainableNetwork, weights: Weights): Promise<MeasuredEnsemble | null>;
  /** Does what remains to be done at the end of a run, which a command may still let go on. */
  finish(ending: Ending): Promise<Finished>;
  /**
   * Measures what is reached from parts of the rows; missing where the task has no such measure.
   * @returns null where it is not measured, or was given up
   */
  learningCurve?(run: KeptRun): Promise<LearningCurve | null>;
  /** Frees what the dataset takes outside of memory; missing where it takes nothing. */
  dispose?(): void;
}
