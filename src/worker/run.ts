// A training run from text to model folder: what the worker does for the editor and the command line for itself.
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Weight, Weights } from '../backend/engine.ts';
import { learnMixture } from '../completion/company.ts';
import {
  appendPoints,
  emptyPoints,
  pointsUntil,
  type RunPoints,
  type RunProgress,
  type RunResult,
  type RunSnapshot,
  type RunStart,
  type RunStatus,
} from '../protocol/run.ts';
import type { TrainRequest } from '../protocol/trainer.ts';
import { initialWeights } from '../tape/parameters.ts';
import { Probe } from '../tape/probe.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import { chooseTokens } from '../training/choose.ts';
import type { Controls } from '../training/controls.ts';
import { joinDocuments, readCorpus } from '../training/corpus.ts';
import { architecture, plan } from '../training/plan.ts';
import { learnTail } from '../training/tail.ts';
import type { Tokenizer } from '../training/tokens/tokenizer.ts';
import { type Trained, train } from '../training/trainer.ts';
import { version } from '../version.ts';
import { readEngineWishes, startEngine } from './engines.ts';
import { writeCheckpoint, writeHistory, writeModel } from './modelFolder.ts';
import { writeSample } from './sample.ts';
import { writeTokenizer } from './tokens.ts';

export interface RunListener {
  /** Also when it begins again: everything before is forgotten. */
  started(start: RunStart): void;
  paused(): void;
  resumed(): void;
  progress(progress: RunProgress, points: RunPoints): void;
  /** The best state so far is on disk. */
  saved(directory: string): void;
  ended(result: RunResult): void;
}

/** Milliseconds between two checkpoints on disk: a run that is cut short loses no more than that. */
const checkpointInterval = 3000;

/** A long history takes its time to be written: that may be this share of the whole. */
const checkpointShare = 0.02;

/** Steps back that are looked at, and weights that are not too many for it: the probe is no fast engine. */
const mostLags = 200;
const mostProbed = 2_000_000;
const notProbed =
  'This network has more than two million numbers: its gradient by lag, its gates and its radii are not looked into, as that would hold the training up.';

/** What has become of a run that is to go on. */
export interface Earlier {
  readonly tokenizer: Tokenizer;
  readonly checkpoint: Checkpoint;
  readonly history: RunSnapshot;
  readonly mixture: Weight | null;
  readonly finished: boolean;
}

/**
 * Settles when the run has ended and its controls are closed.
 * @param assets folder with the engines' files
 * @param earlier where it goes on; null begins at the beginning
 * @throws Problem for everything that the user can mend
 */
export async function run(
  request: TrainRequest,
  assets: string,
  controls: Controls,
  listener: RunListener,
  earlier: Earlier | null = null,
): Promise<RunResult> {
  const planned = plan(request);
  const { tokens } = planned.model;
  const text = readCorpus(joinDocuments(request.documents), {
    sourceCharacters: request.sourceCharacters,
    direction: planned.model.direction,
    tokens: earlier?.tokenizer ?? (tokens === 'auto' ? 'characters' : tokens),
  });
  const suggests = planned.model.direction === 'forward';
  const { engine, fallback } = await startEngine(assets, readEngineWishes(request.settings));
  const began = performance.now();
  const { corpus, remark } =
    tokens === 'auto' && !earlier
      ? await chooseTokens({
          corpus: text,
          ...planned.train,
          engine,
          breathe: () => setImmediate(),
          now: () => performance.now(),
        })
      : { corpus: text, remark: null };
  const spent = performance.now() - began;
  const built = architecture(corpus.tokenizer.size, planned.model, planned.cells);
  const weights = initialWeights(built, planned.train.seed);

  const date = earlier?.history.date ?? new Date().toISOString();
  let points = emptyPoints();
  let start: RunStart | null = null;
  let best: { weights: Weights; step: number; loss: number } | null = null;
  let mixture = earlier?.mixture ?? null;
  let checkpoint: (() => Checkpoint) | null = null;
  let before = earlier;
  let finished = earlier?.finished ?? false;
  let savedStep = -1;
  let savedAt = performance.now();
  let saveCost = 0;
  let sampledStep = -1;
  let latest: RunProgress | null = null;
  const write = (bestWeights: Weights, step: number) => {
    if (step === sampledStep) return;
    sampledStep = step;
    const predictor = engine.predict(built, bestWeights);
    const written = writeSample(predictor, corpus.tokenizer, planned.model.direction, {
      step,
      temperature: controls.temperature,
      seed: step,
    });
    predictor.dispose();
    const fresh: RunPoints = { ...emptyPoints(), samples: [written] };
    appendPoints(points, fresh);
    if (latest) listener.progress(latest, fresh);
  };
  const save = (status: RunStatus, progress: RunProgress | null) => {
    if (!best) return;
    const began = performance.now();
    if (best.step !== savedStep)
      writeModel(
        request.directory,
        {
          ...writeTokenizer(corpus.tokenizer),
          architecture: {
            embedding: planned.model.embedding,
            layers: [...planned.model.layers],
            tied: planned.model.tied,
          },
          direction: planned.model.direction,
          cells: { ...planned.cells },
          options: { ...planned.model, ...planned.train },
          wishes: { settings: request.settings, definition: request.definition, cell: request.cell },
          finished,
          compared: request.compared ?? false,
          provenance: {
            source: request.source,
            uri: request.uri,
            languageId: request.languageId,
            pattern: request.pattern,
            characters: corpus.text.length,
            date: new Date().toISOString(),
            engine: engine.name,
            unroll: version,
          },
          parameters: start!.parameters,
          validationLoss: Number.isFinite(best.loss) ? best.loss : null,
          step: best.step,
        },
        best.weights,
        { text: corpus.text, mixture },
      );
    write(best.weights, best.step);
    if (checkpoint) writeCheckpoint(request.directory, checkpoint());
    writeHistory(request.directory, { title: request.title, date, status, start, progress, points });
    savedStep = best.step;
    savedAt = performance.now();
    saveCost = savedAt - began;
    listener.saved(request.directory);
  };

  const probed = [...weights.values()].reduce((sum, { data }) => sum + data.length, 0) <= mostProbed;
  const trained = await train({
    corpus,
    architecture: built,
    model: planned.model,
    options: planned.train,
    engine,
    weights,
    checkpoint: earlier?.checkpoint ?? null,
    probe: probed ? new Probe(built, Math.min(planned.train.k2, mostLags)) : null,
    controls,
    breathe: () => setImmediate(),
    now: () => performance.now(),
    spent,
    observer: {
      started: (parameters) => {
        points = emptyPoints();
        best = before?.checkpoint.best ?? null;
        finished = before?.finished ?? false;
        savedStep = best?.step ?? -1;
        sampledStep = -1;
        latest = null;
        start = {
          layers: planned.model.layers.map(({ cell, hidden }) => `${cell} ${hidden}`).join(', '),
          engine: engine.name,
          fallback,
          remarks: [
            ...new Set([
              ...request.remarks,
              ...corpus.remarks,
              ...(remark === null ? [] : [remark]),
              ...(probed ? [] : [notProbed]),
            ]),
          ],
          parameters,
          vocabulary: corpus.tokenizer.size,
          tokens: { kind: corpus.tokenizer.kind, length: corpus.charactersPerToken },
          characters: corpus.text.length,
          unigram: corpus.unigram,
          uniform: corpus.uniform,
          seconds: planned.train.seconds,
          epochs: planned.train.epochs,
        };
        listener.started(start);
        // Once: rewound, it begins at the beginning.
        if (before?.history.progress) {
          const { progress, points: known } = before.history;
          appendPoints(points, pointsUntil(known, before.checkpoint.step));
          listener.progress(progress, points);
        }
        before = null;
      },
      paused: () => {
        listener.paused();
        save({ kind: 'paused' }, latest);
      },
      resumed: () => listener.resumed(),
      progress: (progress, fresh, current) => {
        latest = progress;
        checkpoint = current;
        appendPoints(points, fresh);
        listener.progress(progress, fresh);
        // Cut short from here on, the run is one that was stopped: the history on disk says how far it came.
        if (performance.now() - savedAt > Math.max(checkpointInterval, saveCost / checkpointShare))
          save({ kind: 'running' }, progress);
      },
      improved: (improvedWeights, { step, loss }) => {
        best = { weights: improvedWeights, step, loss };
      },
      ended: async ({ weights: bestWeights, result }: Trained, network) => {
        const predictor = engine.predict(built, bestWeights);
        if (suggests) mixture = await learnMixture(predictor, corpus, () => setImmediate());
        predictor.dispose();
        savedStep = -1;
        const loss = result.validationLoss ?? Number.POSITIVE_INFINITY;
        // Who stops a run wants it to end.
        const weights =
          result.end === 'stopped' ? bestWeights : learnTail(corpus, planned.train, network, bestWeights);
        best = { weights, step: result.bestStep, loss };
        finished = true;
        save({ kind: 'ended', result }, latest);
        listener.ended(result);
      },
    },
  });
  return trained.result;
}
