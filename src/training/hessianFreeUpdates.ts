// Hessian-free updates of a network that reads its streams on: the network keeps their states, and the weights are found
// beside it.
import type { TrainableNetwork } from '../backend/engine.ts';
import type { Batch } from '../data/dataset.ts';
import type { HessianFreeOptimizer } from '../language/options/options.ts';
import { Problem } from '../protocol/problem.ts';
import { encoderOf, readsBothWays } from '../tape/architecture.ts';
import type { GaussNewton } from '../tape/gaussNewton.ts';
import type { Checkpoint } from './checkpoint.ts';
import { HessianFree, type HessianFreeStep } from './hessianFree.ts';
import { resetStreams } from './resetStreams.ts';
import type { RunSetting } from './runSetting.ts';

/** Makes Hessian-free updates with the batches of a run. */
export class HessianFreeUpdates {
  readonly #setting: RunSetting;
  readonly #network: TrainableNetwork;
  readonly #matrix: GaussNewton;
  readonly #descent: HessianFree;

  /** @throws Problem when the engine has no forward mode */
  constructor(setting: RunSetting, network: TrainableNetwork, optimizer: HessianFreeOptimizer) {
    const { engine, architecture, dataset, options, model } = setting;
    if (!engine.gaussNewton)
      throw new Problem(
        'Hessian-free optimisation runs on WebAssembly alone, and this is TensorFlow.js: set `unroll.engine` to `auto`, or take another `train.optimizer`.',
      );
    if (encoderOf(architecture))
      throw new Problem(
        'Hessian-free optimisation trains networks without an encoder: take another `train.optimizer` for this task.',
      );
    const { batch, steps } = network.shape;
    const structural = optimizer.structuralDamping > 0;
    const shape = { batch, steps, dropout: model.dropout, structural };
    this.#setting = setting;
    this.#network = network;
    this.#matrix = engine.gaussNewton(architecture, shape, dataset.series);
    this.#descent = new HessianFree(this.#matrix, optimizer, options);
  }

  /**
   * Makes one update on a batch, and lets the network read on behind it.
   * @param update the number of updates so far, and the share of the dropout rate that applies
   */
  next(
    { lead, x, y, restart, carry }: Batch,
    { step, dropoutShare }: { readonly step: number; readonly dropoutShare: number },
  ): HessianFreeStep {
    const { architecture, options } = this.#setting;
    const network = this.#network;
    const { batch } = network.shape;
    const fresh = new Int32Array(batch).fill(restart ? 0 : -1);
    const resets = restart ? undefined : resetStreams(options.reset, batch, options.seed, step);
    network.reset(resets);
    for (const stream of resets ?? []) fresh[stream] = 0;
    if (lead.length > 0) {
      network.advance(lead);
      fresh.fill(-1);
    }
    const states = network.states();
    if (!states) fresh.fill(0);
    this.#matrix.load(network.weights());
    const made = this.#descent.step({ x, y, fresh, states, seed: options.seed + step, dropoutShare });
    network.load(this.#matrix.weights());
    if (!readsBothWays(architecture)) network.advance(firstSteps(x, batch, carry, x.length / y.length));
    return made;
  }

  /** The state with which a run goes on. */
  get checkpoint(): { readonly moments: Checkpoint['optimizer']['moments']; readonly damping: number } {
    const { direction, damping } = this.#descent;
    return { moments: [this.#matrix.weightsOf(direction)], damping };
  }

  load({ optimizer, damping }: Pick<Checkpoint, 'optimizer' | 'damping'>): void {
    if (damping !== undefined) this.#descent.damping = damping;
    if (optimizer.moments.length > 0) this.#descent.direction = this.#matrix.vectorOf(optimizer.moments[0]);
  }
}

/** Returns the first steps of each row. @param each the number of tokens of a step */
function firstSteps(x: Int32Array, rows: number, steps: number, each: number): Int32Array {
  const length = x.length / rows;
  if (steps * each === length) return x;
  const part = new Int32Array(rows * steps * each);
  for (let row = 0; row < rows; row++)
    part.set(x.subarray(row * length, row * length + steps * each), row * steps * each);
  return part;
}
