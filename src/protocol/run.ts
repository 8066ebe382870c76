// What is known of a training run. Plain data: it crosses every border (worker, host, webview, disk).
// Losses are in bits per character, whatever the tokens are.

/** One update. */
export interface StepPoint {
  readonly step: number;
  /** Since the run began, pauses left out. */
  readonly seconds: number;
  readonly loss: number;
  /** Global norm of the gradients before clipping. */
  readonly gradientNorm: number;
  /** The threshold in force; null without clipping. */
  readonly clip: number | null;
}

/** One look at the held-out tail. */
export interface ValidationPoint {
  readonly step: number;
  readonly seconds: number;
  readonly loss: number;
}

/** A look into the network, on one stretch of text; names are those of its weights, `layers.0.h`. */
export interface ProbePoint {
  readonly step: number;
  readonly seconds: number;
  /** Of each state: norm of the gradient, with respect to it 0, 1, … steps back, of the loss of one step. */
  readonly gradientByLag: Readonly<Record<string, readonly number[]>>;
  /** Of each gate: share of units and steps near a limit. */
  readonly saturation: Readonly<Record<string, number>>;
  /** Of each recurrent matrix. */
  readonly spectralRadius: Readonly<Record<string, number>>;
}

/** What the best state so far writes by itself. */
export interface SamplePoint {
  readonly step: number;
  /** What the logits were divided by. */
  readonly temperature: number;
  readonly text: string;
}

/** Bold enough to vary, tame enough to be read. */
export const defaultTemperature = 0.8;

/** Beyond it nothing but noise is written. */
export const maximumTemperature = 5;

/** Of which so many are kept. */
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
  /** The last few. */
  readonly samples: readonly SamplePoint[];
  readonly notes: readonly RunNote[];
}

/** Points that are still being collected. */
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
  for (const probe of from.probes) to.probes.push(probe);
  to.samples.push(...from.samples);
  to.samples.splice(0, to.samples.length - samplesKept);
  for (const note of from.notes) to.notes.push(note);
}

/** What was known at a step. */
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

export interface RunStart {
  /** `LSTM 128, LSTM 128`. */
  readonly layers: string;
  readonly engine: string;
  /** A sentence when this is not the engine that was asked for. */
  readonly fallback: string | null;
  /** What of the text is not as the user may think (a part is used, characters are rare); sentences. */
  readonly remarks: readonly string[];
  readonly parameters: number;
  readonly vocabulary: number;
  /** What the symbols are, and how many characters one stands for on the average; not in the oldest histories. */
  readonly tokens?: { readonly kind: 'characters' | 'words' | 'pieces'; readonly length: number };
  readonly characters: number;
  /** Of guessing by frequency alone, and of guessing blindly: bits per character. */
  readonly unigram: number;
  readonly uniform: number;
  /** The budget; null is no limit. */
  readonly seconds: number | null;
  readonly epochs: number | null;
}

/** How far a run is, a few times a second. */
export interface RunProgress {
  readonly step: number;
  readonly seconds: number;
  readonly tokensPerSecond: number;
  readonly epoch: number;
  /** 0 … 1 of the budget. */
  readonly fraction: number;
  /** Until the budget ends; null before it can be said. */
  readonly secondsLeft: number | null;
  /** As it is set; warm-up, decay and setbacks apply to it. */
  readonly learningRate: number;
  /** That the norm of the gradients is held at; null where nothing is clipped, or by a threshold that adapts. */
  readonly threshold: number | null;
}

/** What can be asked of a run while it lasts. */
export type RunCommand =
  /** Keeps the optimiser, the random numbers and the place in the text. */
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  /** Ends it early and keeps what it has learned. */
  | { readonly type: 'stop' }
  /** Back to the same initial weights, with the rate and threshold of now; a run that was paused waits there. */
  | { readonly type: 'rewind' }
  /** By its budget once more; one that ended before its budget goes on with what is left of it. */
  | { readonly type: 'extend' }
  | { readonly type: 'learningRate' | 'threshold'; readonly value: number };

export type RunEnd = 'budget' | 'stopped' | 'early stop';

export interface RunResult {
  readonly end: RunEnd;
  readonly steps: number;
  readonly tokens: number;
  /** That these tokens stand for. */
  readonly characters: number;
  readonly seconds: number;
  readonly tokensPerSecond: number;
  readonly trainLoss: number;
  /** Of the best state; null when the text left no tail to hold out. */
  readonly validationLoss: number | null;
  /** Whether what is kept is the best state after it has learned the held-out tail too; not in the oldest histories. */
  readonly learnedHeldOut?: boolean;
  readonly bestStep: number;
}

export type RunStatus =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'ended'; readonly result: RunResult }
  | { readonly kind: 'failed'; readonly message: string };

/** Everything that is kept of a run, and shown. */
export interface RunSnapshot {
  readonly title: string;
  /** When it began; ISO 8601. */
  readonly date: string;
  readonly status: RunStatus;
  readonly start: RunStart | null;
  readonly progress: RunProgress | null;
  readonly points: RunPoints;
}
