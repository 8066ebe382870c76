// Ridge regression of the output layer, where the layers below stay as they were drawn: the readout of an echo state
// network is solved, not descended to (Jaeger 2001).
import type { Architecture, Engine, Weights } from '../backend/engine.ts';
import type { Dataset, Rows, Series } from '../data/dataset.ts';
import { NormalEquations } from '../data/normalEquations.ts';
import { Problem } from '../protocol/problem.ts';
import { outputWidth, readsBothWays } from '../tape/architecture.ts';
import { parameters } from '../tape/parameters.ts';

/** The number of rows that are read side by side. */
const height = 16;

/** The least standard deviation of a number that a network predicts, in those of the training part. */
const leastSpread = 1e-6;

/** A readout that has been solved. */
export interface SolvedReadout {
  readonly weights: Weights;
  /** The number of targets that it was solved for. */
  readonly targets: number;
  /** Some of the rows that had been read when the reading was stopped; null when all were read. */
  readonly read: Rows | null;
}

/** Lets commands arrive while a readout is solved, and says whether one of them ends that. */
export interface Interruption {
  breathe(): Promise<void>;
  isToStop(): boolean;
}

/** Never ends the solving. */
export const uninterrupted: Interruption = { breathe: async () => {}, isToStop: () => false };

/**
 * Checks that the output layer is all that is trained. @throws Problem when it is not, or when the layers below read
 * what it gives
 */
export function checkReadout(architecture: Architecture): void {
  const trained = parameters(architecture).filter((each) => each.trained && !each.name.startsWith('output.'));
  if (trained.length > 0 || architecture.tied)
    throw new Problem(
      `Ridge regression solves the output layer alone, and ${trained
        .slice(0, 3)
        .map(({ name }) => `\`${name}\``)
        .join(
          ', ',
        )} ${trained.length === 1 ? 'is' : 'are'} trained, too: write \`fixed\` before the parameters of the cell, as EchoState does, set \`model.embedding\` to 0, or take another \`train.optimizer\`.`,
    );
  if (architecture.layers.some(({ cell }) => cell.outputLag > 0))
    throw new Problem(
      'Ridge regression solves the output layer from the states below it, and these cells read its output: take another cell, or another `train.optimizer`.',
    );
}

/**
 * Solves the output layer for the training part. Numbers get their means, and one spread each: the deviation of what is
 * left. Tokens and classes get the linear estimates of their probabilities, whose scale is left to `scaleReadout`. Where
 * it is to stop, it is solved for what has been read by then.
 * @param weights the weights of all other layers
 * @throws Problem when the equations have no one solution
 */
export async function solveReadout(
  engine: Engine,
  architecture: Architecture,
  weights: Weights,
  dataset: Dataset,
  penalty: number,
  { breathe, isToStop }: Interruption = uninterrupted,
): Promise<SolvedReadout> {
  const { outputs, likelihood, head } = architecture;
  const width = outputWidth(architecture);
  const equations = new NormalEquations(width, outputs);
  const targetOf = targets(architecture, dataset.series);
  // A network whose output layer is the identity gives what the output layer reads.
  const states: Architecture = { ...architecture, outputs: width, likelihood: 'categorical', head };
  const identity = new Float32Array(width * width);
  for (let unit = 0; unit < width; unit++) identity[unit * width + unit] = 1;
  const reading = new Map(weights)
    .set('output.W', { shape: [width, width], data: identity })
    .set('output.b', { shape: [width], data: new Float32Array(width) });
  const blocks = dataset.training(height);
  let steps = 1;
  if (readsBothWays(architecture)) for (const { x, rows } of blocks) steps = Math.max(steps, x.length / rows);
  const shape = { batch: height, steps, optimizer: { kind: 'sgd' }, dropout: 0, seed: 0 } as const;
  const network = engine.train(states, shape, reading, dataset.series);
  let block: Rows | null = null;
  let reached = 0;
  const segments = function* () {
    for (block of blocks) {
      const { x, y, rows } = block;
      reached = 0;
      yield* network.logitsBySegment(x, y, rows, (index, state) => {
        reached = Math.max(reached, (index % (y.length / rows)) + 1);
        equations.add(state, targetOf(y[index]));
      });
    }
  };
  let stopped = false;
  try {
    for (const _ of segments()) {
      await breathe();
      stopped = isToStop();
      if (stopped) break;
    }
  } finally {
    network.dispose();
  }
  const fit = equations.solve(penalty);
  if (!fit)
    throw new Problem(
      stopped
        ? 'The run was stopped before there was enough to solve its readout from: nothing of it is kept. Train again, and let it read for longer.'
        : 'The readout has no one solution, as some units say the same: make `train.penalty` larger.',
    );
  const isGaussian = likelihood === 'gaussian';
  const matrix = new Float32Array((isGaussian ? 2 : 1) * outputs * width);
  matrix.set(fit.weights);
  const bias = new Float32Array((isGaussian ? 2 : 1) * outputs);
  bias.set(fit.bias);
  if (isGaussian)
    for (const [k, square] of fit.meanSquares.entries())
      bias[outputs + k] = Math.log(Math.max(leastSpread, Math.sqrt(square)));
  const solved = new Map(weights)
    .set('output.W', { shape: [bias.length, width], data: matrix })
    .set('output.b', { shape: [bias.length], data: bias });
  return {
    weights: solved,
    targets: equations.count,
    read: stopped && block ? firstSteps(block, reached) : null,
  };
}

/** The most steps of each row that a readout is measured on that was to stop. */
const mostMeasured = 512;

/** Returns the first steps of each row. */
function firstSteps({ x, y, rows }: Rows, steps: number): Rows {
  const length = y.length / rows;
  const kept = Math.min(steps, mostMeasured);
  const cut = (tokens: Int32Array) => {
    const each = tokens.length / y.length;
    const part = new Int32Array(rows * kept * each);
    for (let row = 0; row < rows; row++) {
      const from = row * length * each;
      part.set(tokens.subarray(from, from + kept * each), row * kept * each);
    }
    return part;
  };
  return { x: cut(x), y: cut(y), rows };
}

/** Returns the vector that stands for a target: the numbers of its row, or a 1 at its place. */
function targets(
  { outputs, likelihood }: Architecture,
  series: Series | undefined,
): (target: number) => ArrayLike<number> {
  if (likelihood === 'gaussian')
    return (target) => series!.targets.subarray(target * outputs, (target + 1) * outputs);
  const hot = new Float32Array(outputs);
  return (target) => {
    hot.fill(0);
    hot[target] = 1;
    return hot;
  };
}

/** The most times that the scale is doubled. */
const mostDoublings = 12;

/**
 * Scales the output layer of tokens or classes, whose linear estimates are between 0 and 1, to logits: by the power of
 * two with which the loss is least; where it is to stop, of those that were tried by then.
 * @param lossOf returns the loss of weights
 */
export async function scaleReadout(
  weights: Weights,
  lossOf: (weights: Weights) => number,
  { breathe, isToStop }: Interruption = uninterrupted,
): Promise<{ readonly weights: Weights; readonly loss: number }> {
  let best = weights;
  let least = lossOf(weights);
  for (let scale = 2; scale <= 2 ** mostDoublings; scale *= 2) {
    await breathe();
    if (isToStop()) break;
    const scaled = new Map(weights);
    for (const name of ['output.W', 'output.b']) {
      const { shape, data } = weights.get(name)!;
      scaled.set(name, { shape, data: data.map((value) => scale * value) });
    }
    const loss = lossOf(scaled);
    if (!(loss < least)) break;
    [best, least] = [scaled, loss];
  }
  return { weights: best, loss: least };
}
