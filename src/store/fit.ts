// Checks whether stored arrays are those of a network. No others may reach an engine, which would read
// missing values as zeros and compute NaN from wrong shapes.
import type { Architecture, Weights } from '../backend/engine.ts';
import { momentCount } from '../backend/momentCount.ts';
import type { Optimizer } from '../language/options/options.ts';
import { Problem } from '../protocol/problem.ts';
import type { ParameterDescription } from '../tape/parameterDescription.ts';
import { parameters } from '../tape/parameters.ts';
import type { Checkpoint } from '../training/checkpoint.ts';

/**
 * Checks the weights. @throws Problem when they are not the network's parameters, or one holds something that
 * is no number
 */
export function checkWeights(architecture: Architecture, weights: Weights): void {
  const misfit = misfitOf(parameters(architecture), weights, areFinite);
  if (misfit) throw new Problem(`The weights of this model are damaged: ${misfit}. Train the model again.`);
}

/** Checks a checkpoint. @throws Problem when a run of the network with the optimiser cannot go on from it */
export function checkCheckpoint(
  architecture: Architecture,
  optimizer: Optimizer,
  { weights, states, best, optimizer: { moments } }: Checkpoint,
): void {
  const described = parameters(architecture);
  const trained = described.filter(({ trained }) => trained);
  const misfit =
    misfitOf(described, weights, areFinite) ??
    misfitOf(described, best.weights, areFinite) ??
    // A moment may be infinite after an infinite gradient; its parameter then no longer changes.
    moments.map((moment) => misfitOf(trained, moment, areNumbers)).find((each) => each !== null) ??
    // States whose shapes do not fit are no error: they are computed again from the text.
    ([...(states?.values() ?? [])].every(({ data }) => areFinite(data))
      ? null
      : 'a state holds something that is no number') ??
    (moments.length === momentCount[optimizer.kind] ? null : 'it is of another optimiser');
  if (misfit)
    throw new Problem(
      `The checkpoint of this run does not fit its network: ${misfit}. It cannot go on; train the model again.`,
    );
}

/** Returns whether a run could go on from the checkpoint, that is, whether all its arrays are finite. */
export const isFiniteCheckpoint = ({ weights, states, best }: Checkpoint): boolean =>
  [weights, states ?? new Map(), best.weights].every((all) =>
    [...all.values()].every(({ data }) => areFinite(data)),
  );

/**
 * Compares arrays with their descriptions. @returns the first error as the end of a sentence; null where
 * there is none
 */
export function misfitOf(
  described: readonly Pick<ParameterDescription, 'name' | 'shape'>[],
  weights: Weights,
  areSound: (data: Float32Array) => boolean = areFinite,
): string | null {
  for (const { name, shape } of described) {
    const weight = weights.get(name);
    if (!weight) return `${name} is missing`;
    if (`${weight.shape}` !== `${shape}`)
      return `${name} should be ${shape.join(' × ')} and is ${weight.shape.join(' × ') || 'one number'}`;
    if (!areSound(weight.data)) return `${name} holds something that is no number`;
  }
  const known = new Set(described.map(({ name }) => name));
  const other = [...weights.keys()].find((name) => !known.has(name));
  return other === undefined ? null : `${JSON.stringify(other)} is none of its parameters`;
}

// Plain loops are used here since a function call for each of some millions of numbers takes its time.

function areFinite(data: Float32Array): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
  return true;
}

function areNumbers(data: Float32Array): boolean {
  for (let i = 0; i < data.length; i++) if (Number.isNaN(data[i])) return false;
  return true;
}
