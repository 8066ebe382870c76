// A training run from text to model folder: what the worker does for the editor and the command line for itself.
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Weight, Weights } from '../backend/engine.ts';
import { learnMixture, recalledText } from '../completion/company.ts';
import { sample } from '../completion/sample.ts';
import {
  appendPoints,
  emptyPoints,
  type RunPoints,
  type RunProgress,
  type RunResult,
  type RunStart,
  type RunStatus,
} from '../protocol/run.ts';
import type { TrainRequest } from '../protocol/trainer.ts';
import { initialWeights } from '../tape/parameters.ts';
import { Probe } from '../tape/probe.ts';
import { random } from '../tape/random.ts';
import { chooseTokens } from '../training/choose.ts';
import type { Controls } from '../training/controls.ts';
import { joinDocuments, readCorpus } from '../training/corpus.ts';
import { architecture, plan } from '../training/plan.ts';
import { learnTail } from '../training/tail.ts';
import { type Trained, train } from '../training/trainer.ts';
import { version } from '../version.ts';
import { readEngineWishes, startEngine } from './engines.ts';
import { writeHistory, writeModel } from './modelFolder.ts';
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

/** Characters, and what divides the logits: bold enough to vary, tame enough to be read. */
const sampleLength = 240;
const sampleTemperature = 0.8;

/**
 * Settles when the run has ended and its controls are closed.
 * @param assets folder with the engines' files
 * @throws Problem for everything that the user can mend
 */
export async function run(
  request: TrainRequest,
  assets: string,
  controls: Controls,
  listener: RunListener,
): Promise<RunResult> {
  const planned = plan(request);
  const { tokens } = planned.model;
  const text = readCorpus(joinDocuments(request.documents), {
    sourceCharacters: request.sourceCharacters,
    direction: planned.model.direction,
    tokens: tokens === 'auto' ? 'characters' : tokens,
  });
  const suggests = planned.model.direction === 'forward';
  const { engine, fallback } = await startEngine(assets, readEngineWishes(request.settings));
  const began = performance.now();
  const { corpus, remark } =
    tokens === 'auto'
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

  let points = emptyPoints();
  let start: RunStart | null = null;
  let best: { weights: Weights; step: number; loss: number } | null = null;
  let mixture: Weight | null = null;
  let savedStep = -1;
  let savedAt = performance.now();
  let saveCost = 0;
  let sampledStep = -1;
  let latest: RunProgress | null = null;
  const write = (bestWeights: Weights, step: number) => {
    if (step === sampledStep) return;
    sampledStep = step;
    const predictor = engine.predict(built, bestWeights);
    const written = [
      ...sample(predictor, corpus.tokenizer, '\n', {
        length: sampleLength,
        temperature: sampleTemperature,
        random: random(step),
      }),
    ];
    predictor.dispose();
    const text = (suggests ? written : written.reverse()).join('');
    const fresh: RunPoints = { ...emptyPoints(), samples: [{ step, text }] };
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
          validationLoss: Number.isFinite(best.loss) ? best.loss : null,
          step: best.step,
        },
        best.weights,
        suggests ? { text: recalledText(corpus.text), mixture } : null,
      );
    write(best.weights, best.step);
    writeHistory(request.directory, { title: request.title, status, start, progress, points });
    savedStep = best.step;
    savedAt = performance.now();
    saveCost = savedAt - began;
    listener.saved(request.directory);
  };

  const trained = await train({
    corpus,
    architecture: built,
    model: planned.model,
    options: planned.train,
    engine,
    weights,
    probe:
      [...weights.values()].reduce((sum, { data }) => sum + data.length, 0) <= mostProbed
        ? new Probe(built, Math.min(planned.train.k2, mostLags))
        : null,
    controls,
    breathe: () => setImmediate(),
    now: () => performance.now(),
    spent,
    observer: {
      started: (parameters) => {
        points = emptyPoints();
        best = null;
        savedStep = -1;
        sampledStep = -1;
        latest = null;
        start = {
          engine: engine.name,
          fallback,
          remarks: [...request.remarks, ...corpus.remarks, ...(remark === null ? [] : [remark])],
          parameters,
          vocabulary: corpus.tokenizer.size,
          tokens: { kind: corpus.tokenizer.kind, length: [...corpus.trainText].length / corpus.train.length },
          characters: corpus.text.length,
          unigram: corpus.unigram,
          uniform: corpus.uniform,
          seconds: planned.train.seconds,
          epochs: planned.train.epochs,
        };
        listener.started(start);
      },
      paused: () => {
        listener.paused();
        save({ kind: 'paused' }, latest);
      },
      resumed: () => listener.resumed(),
      progress: (progress, fresh) => {
        latest = progress;
        appendPoints(points, fresh);
        listener.progress(progress, fresh);
        // Cut short from here on, the run is one that was stopped: the history on disk says how far it came.
        if (performance.now() - savedAt > Math.max(checkpointInterval, saveCost / checkpointShare))
          save({ kind: 'running' }, progress);
      },
      improved: (improvedWeights, { step, loss }) => {
        best = { weights: improvedWeights, step, loss };
      },
      ended: async ({ weights: bestWeights, result }: Trained) => {
        const predictor = engine.predict(built, bestWeights);
        if (suggests) mixture = await learnMixture(predictor, corpus, () => setImmediate());
        predictor.dispose();
        savedStep = -1;
        const loss = result.validationLoss ?? Number.POSITIVE_INFINITY;
        // Who stops a run wants it to end.
        const weights =
          result.end === 'stopped'
            ? bestWeights
            : learnTail(corpus, built, planned.model, planned.train, engine, bestWeights);
        best = { weights, step: result.bestStep, loss };
        save({ kind: 'ended', result }, latest);
        listener.ended(result);
      },
    },
  });
  return trained.result;
}
