// A training run from text to model folder, as the worker does it for the editor and the command line does it
// for itself.
import { joinDocuments, readCorpus } from '../data/text/corpus.ts';
import { layersText } from '../language/layers.ts';
import { languageModelMeasures } from '../protocol/metric.ts';
import { Problem } from '../protocol/problem.ts';
import type { RunResult, RunStart } from '../protocol/run.ts';
import type { TrainRequest } from '../protocol/trainer.ts';
import { checkCheckpoint } from '../store/fit.ts';
import type { Earlier } from '../store/modelFolder.ts';
import { ModelWriter } from '../store/modelWriter.ts';
import { initialWeights } from '../tape/parameters.ts';
import { Probe } from '../tape/probe.ts';
import { chooseTokens } from '../training/chooseTokens.ts';
import { architecture, configure } from '../training/configuration.ts';
import type { Controls } from '../training/controls.ts';
import { train } from '../training/trainer.ts';
import { readEngineWishes, startEngine } from './engines.ts';
import { checkMemory } from './memory.ts';
import type { Platform } from './platform.ts';
import { type RunListener, RunRecorder } from './runRecorder.ts';

/**
 * The most steps back at which the probe measures gradients, and the most weights with which it is used, as
 * it is no fast engine.
 */
const mostLags = 200;
const mostProbed = 2_000_000;
const notProbed =
  'This network has more than two million numbers: its gradient by lag, its gates and its radii are not looked into, as that would hold the training up.';

/**
 * Trains a model. The promise settles when the run has ended and its controls are closed.
 * @param platform where it runs; the model is kept in its files
 * @param earlier the state from which it goes on; null begins at the beginning
 * @throws Problem for everything that the user can mend
 */
export async function run(
  request: TrainRequest,
  platform: Platform,
  controls: Controls,
  listener: RunListener,
  earlier: Earlier | null = null,
): Promise<RunResult> {
  const planned = configure(request);
  const { tokens, direction } = planned.model;
  const text = readCorpus(joinDocuments(request.documents), {
    sourceCharacters: request.sourceCharacters,
    direction,
    tokens: earlier?.tokenizer ?? (tokens === 'auto' ? 'characters' : tokens),
  });
  const writer = new ModelWriter(platform.files, request.directory);
  writer.prepare(earlier !== null);
  const { engine, fallback } = await startEngine(platform, readEngineWishes(request.settings));
  const time = { breathe: platform.breathe, now: () => performance.now() };
  const began = time.now();
  const { corpus, remark } =
    tokens === 'auto' && !earlier
      ? await chooseTokens({ corpus: text, ...planned.train, engine, ...time })
      : { corpus: text, remark: null };
  const spent = time.now() - began;
  const built = architecture(corpus.tokenizer.size, planned.model, planned.cells);
  checkMemory(built, planned.train.optimizer, platform.memoryBytes);
  if (earlier) checkCheckpoint(built, planned.train.optimizer, earlier.checkpoint);
  const weights = initialWeights(built, planned.train.seed);
  const probed = [...weights.values()].reduce((sum, { data }) => sum + data.length, 0) <= mostProbed;
  const start: Omit<RunStart, 'parameters'> = {
    task: 'language model',
    layers: layersText(planned.model.layers),
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
    vocabulary: corpus.tokenizer.size,
    tokens: { kind: corpus.tokenizer.kind, length: corpus.charactersPerToken },
    characters: corpus.text.length,
    ...languageModelMeasures,
    baselines: [
      { name: 'unigram', value: corpus.unigram },
      { name: 'uniform', value: corpus.uniform },
    ],
    seconds: planned.train.seconds,
    epochs: planned.train.epochs,
  };
  const recorder = new RunRecorder(
    { writer, request, plan: planned, corpus, engine, architecture: built, start, breathe: platform.breathe },
    controls,
    listener,
    earlier,
  );
  await train({
    corpus,
    architecture: built,
    model: planned.model,
    options: planned.train,
    engine,
    weights,
    checkpoint: earlier?.checkpoint ?? null,
    probe: probed ? new Probe(built, Math.min(planned.train.k2, mostLags)) : null,
    controls,
    ...time,
    spent,
    observer: recorder,
  })
    .catch((error: Error) => {
      if (error instanceof Problem) recorder.failed(error.message);
      throw error;
    })
    .finally(() => recorder.dispose());
  return recorder.result;
}
