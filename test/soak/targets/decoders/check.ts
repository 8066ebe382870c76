// Checks one decoder in one network: its losses against the equations in plain loops, its gradients against central
// differences, and the compiled engine against both, in training and step by step.
import type { Engine } from '../../../../src/backend/engine.ts';
import type { WasmNetwork } from '../../../../src/backend/wasm/network.ts';
import type { CheckedCell } from '../../../../src/language/cell.ts';
import { runCell } from '../../../../src/language/values.ts';
import type { Architecture } from '../../../../src/tape/architecture.ts';
import { layerWidths } from '../../../../src/tape/architecture.ts';
import { initialWeights, type Weights } from '../../../../src/tape/parameters.ts';
import { checkGradients } from '../../../../src/tape/probing/checkGradients.ts';
import { random } from '../../../../src/tape/random.ts';
import { ScalarTraining } from '../../../../src/tape/scalar/scalarTraining.ts';

export interface DecoderSetting {
  /** The number of units; as many as m has, where the cell says so. */
  readonly hidden: number;
  readonly embedding: number;
  readonly batch: number;
  readonly steps: number;
  readonly positions: number;
  readonly seed: number;
}

export type DecoderFigures = Record<
  | 'accepted'
  | 'rejected'
  | 'not finite'
  | 'unsettled'
  | 'kinks'
  | 'ill-conditioned'
  | 'worst gradient'
  | 'worst difference of engines',
  number
>;

/** The tolerance of 64 bits, and that of 32 bits compared with 64, relative to the largest number compared. */
const exact = 1e-9;
const single = 1e-3;
/** The most times that the engine may be as far off as the same computation with all values rounded to 32 bits. */
const roundings = 100;
/** Products of numbers above this leave the range of 32 bits. */
const largestSingle = 1e15;

const [sources, tokens] = [4, 5];

/** @throws Error where anything differs */
export function checkDecoder(
  cell: CheckedCell,
  setting: DecoderSetting,
  engine: Engine,
  figures: DecoderFigures,
): void {
  const { hidden, embedding, batch, steps, positions, seed } = setting;
  const architecture: Architecture = {
    encoder: { inputs: sources, embedding: embedding + 1, layers: [] },
    inputs: tokens,
    outputs: tokens,
    embedding,
    layers: [{ cell, hidden }],
    tied: false,
    head: { kind: 'every step' },
  };
  const gradients = checkGradients(architecture, { batch, steps, positions, seed, padded: true });
  if (gradients.verdict === 'wrong')
    throw new Error(`The gradient of '${gradients.worst}' is wrong by ${gradients.error}.`);
  if (gradients.verdict === 'unsettled') figures.unsettled++;
  figures.kinks += gradients.kinks;
  if (gradients.verdict === 'right')
    figures['worst gradient'] = Math.max(figures['worst gradient'], gradients.error);

  const next = random(seed);
  const weights = initialWeights(architecture, seed);
  for (const { data } of weights.values())
    for (let i = 0; i < data.length; i++) data[i] += (next() - 0.5) * 0.5;
  const draw = (count: number, length: (row: number) => number, width: number) =>
    Int32Array.from({ length: batch * width }, (_, i) =>
      i % width < length(Math.floor(i / width)) ? Math.floor(next() * count) : -1,
    );
  // Rows of different lengths stand side by side, the first of which is whole.
  const source = draw(sources, (row) => Math.max(1, positions - row), positions);
  const x = draw(tokens, (row) => Math.max(1, steps - row), steps);
  const y = x.map((token) => (token < 0 ? -1 : Math.floor(next() * tokens)));
  const counted = y.reduce((sum, each) => sum + (each >= 0 ? 1 : 0), 0);
  const window = { x, y, source, fresh: true, countFrom: 0, scale: 1 / counted };

  const truth = lossInTruth(architecture, weights, { x, y, source, batch }) / counted;
  const scalar = trained(architecture, setting, weights, 64);
  const loss = scalar.run(window);
  if (!Number.isFinite(truth) || gradients.verdict === 'not a number') {
    figures['not finite']++;
    return;
  }
  if (!(Math.abs(loss - truth) <= exact * Math.max(1, Math.abs(truth))))
    throw new Error(`The loss is ${loss} in the tape, and ${truth} in truth.`);
  compareEngine(architecture, setting, { window, weights, scalar, loss }, engine, figures);
}

interface Scalar {
  readonly window: Parameters<ScalarTraining['run']>[0] & {
    readonly x: Int32Array;
    readonly y: Int32Array;
    readonly source: Int32Array;
  };
  readonly weights: Weights;
  readonly scalar: ScalarTraining;
  readonly loss: number;
}

function trained(
  architecture: Architecture,
  { batch, steps, positions }: DecoderSetting,
  weights: Weights,
  precision: 32 | 64,
): ScalarTraining {
  const training = new ScalarTraining(architecture, {
    batch,
    steps,
    positions,
    dropout: 0,
    seed: 1,
    precision,
  });
  training.load(weights);
  return training;
}

/** Compares the engine's loss, gradients and logits with those of the scalar kernels in 64 bits. */
function compareEngine(
  architecture: Architecture,
  setting: DecoderSetting,
  { window, weights, scalar, loss }: Scalar,
  engine: Engine,
  figures: DecoderFigures,
): void {
  const { batch, steps, positions } = setting;
  const { x, y, source } = window;
  let largest = 0;
  for (const value of scalar.memory) largest = Math.max(largest, Math.abs(value));
  // Rounded to 32 bits, the same computation says how well it is conditioned.
  const rounded = trained(architecture, setting, weights, 32);
  const off = (value: number, of: number) => Math.abs(value - of) / Math.max(1, Math.abs(of));
  let rounding = off(rounded.run(window), loss);
  const network = engine.train(
    architecture,
    { batch, steps, positions, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 },
    weights,
  ) as WasmNetwork;
  const predictor = engine.predictTarget(architecture, weights);
  try {
    const logits: Float32Array[] = [];
    network.logits(x, y, batch, (_, found) => void logits.push(found.slice()), source);
    const update = { learningRate: 0, clip: Number.POSITIVE_INFINITY, l1: 0, l2: 0, carry: steps };
    let worst = off(network.step(x, y, update, source).loss, loss);
    const found = network.gradients();
    for (const { name, trained: isTrained } of scalar.described) {
      if (!isTrained) continue;
      const [expected, roundedTo] = [scalar.gradient(name), rounded.gradient(name)];
      const scale = expected.reduce((most, each) => Math.max(most, Math.abs(each)), 1e-2);
      for (const [index, each] of expected.entries()) {
        worst = Math.max(worst, Math.abs(found.get(name)!.data[index] - each) / scale);
        rounding = Math.max(rounding, Math.abs(roundedTo[index] - each) / scale);
      }
    }
    const encoded = predictor.encode(source.slice(0, positions));
    const state = predictor.initial(encoded);
    const own = new Float32Array(predictor.outputs);
    for (let step = 0; step < steps; step++) {
      predictor.next(encoded, state, x[step], state, own);
      for (const [index, each] of own.entries()) worst = Math.max(worst, off(each, logits[step][index]));
    }
    if (worst <= single) {
      figures['worst difference of engines'] = Math.max(figures['worst difference of engines'], worst);
      return;
    }
    if (largest < largestSingle && worst > roundings * rounding)
      throw new Error(`The engine is off by ${worst}, and rounding to 32 bits by ${rounding}.`);
    figures['ill-conditioned']++;
  } finally {
    network.dispose();
    predictor.dispose();
  }
}

interface Rows {
  readonly x: Int32Array;
  readonly y: Int32Array;
  readonly source: Int32Array;
  readonly batch: number;
}

/** Returns the sum of the losses, by the equations in plain loops, row by row. */
function lossInTruth(architecture: Architecture, weights: Weights, { x, y, source, batch }: Rows): number {
  const [{ cell }] = architecture.layers;
  const widths = layerWidths(architecture, 0);
  const numbers = (name: string) => Float64Array.from(weights.get(name)!.data);
  const prefix = 'layers.0.';
  const parameters = new Map(
    [...weights.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => [name.slice(prefix.length), numbers(name)]),
  );
  const row = (name: string, index: number): Float64Array => {
    const [, width] = weights.get(name)!.shape;
    return numbers(name).slice(index * width, (index + 1) * width);
  };
  const oneHot = (token: number) =>
    Float64Array.from({ length: tokens }, (_, index) => (index === token ? 1 : 0));
  const [W, b] = [weights.get('output.W')!, weights.get('output.b')!];
  const logitsOf = (h: Float64Array) =>
    Array.from(b.data, (bias, unit) =>
      h.reduce((sum, value, index) => sum + W.data[unit * h.length + index] * value, bias),
    );
  let loss = 0;
  for (let at = 0; at < batch; at++) {
    const of = (all: Int32Array) =>
      [...all.subarray((at * all.length) / batch, ((at + 1) * all.length) / batch)].filter(
        (each) => each >= 0,
      );
    const positions = of(source).map((token) => row('encoder.embedding', token));
    const inputs = of(x).map((token) =>
      architecture.embedding > 0 ? row('embedding', token) : oneHot(token),
    );
    const values = runCell({
      cell,
      widths,
      parameters,
      inputs,
      readout: (h) => softmax(logitsOf(h)),
      given: positions.at(-1)!,
      positions,
    });
    const outputs = values.get(cell.output)!.slice(1);
    for (const [step, target] of of(y).entries()) loss -= Math.log(softmax(logitsOf(outputs[step]))[target]);
  }
  return loss;
}

function softmax(logits: readonly number[]): Float64Array {
  const most = Math.max(...logits);
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
