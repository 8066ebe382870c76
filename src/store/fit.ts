// Whether arrays that were read are those of a network: nothing else may reach an engine, which reads what is not
// there as zeros and computes NaN from what does not fit.
import type { Architecture, Weights } from '../backend/engine.ts';
import { momentCount } from '../backend/wasm/teamMember.ts';
import type { Optimizer } from '../language/options.ts';
import { Problem } from '../protocol/problem.ts';
import type { ParameterDescription } from '../tape/parameterDescription.ts';
import { parameters } from '../tape/parameters.ts';
import type { Checkpoint } from '../training/checkpoint.ts';

/** @throws Problem when the arrays are not the network's parameters, or one holds something that is no number */
export function checkWeights(architecture: Architecture, weights: Weights): void {
  const misfit = misfitOf(parameters(architecture), weights, areFinite);
  if (misfit) throw new Problem(`The weights of this model are damaged: ${misfit}. Train the model again.`);
}

/** @throws Problem when a run of the network with the optimiser cannot go on from the checkpoint */
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
    // A moment may be infinite, where a gradient was: its parameter stands still then.
    moments.map((moment) => misfitOf(trained, moment, areNumbers)).find((each) => each !== null) ??
    // States that do not fit are read again from the text.
    ([...(states?.values() ?? [])].every(({ data }) => areFinite(data))
      ? null
      : 'a state holds something that is no number') ??
    (moments.length === momentCount[optimizer.kind] ? null : 'it is of another optimiser');
  if (misfit)
    throw new Problem(
      `The checkpoint of this run does not fit its network: ${misfit}. It cannot go on; train the model again.`,
    );
}

/** Whether a run could go on from the checkpoint: what it has learned is finite. */
export const isFiniteCheckpoint = ({ weights, states, best }: Checkpoint): boolean =>
  [weights, states ?? new Map(), best.weights].every((all) =>
    [...all.values()].every(({ data }) => areFinite(data)),
  );

/** @returns the first thing that is wrong, the end of a sentence; null where all is well */
function misfitOf(
  described: readonly Pick<ParameterDescription, 'name' | 'shape'>[],
  weights: Weights,
  areSound: (data: Float32Array) => boolean,
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

// Loops, since a call for each of some millions of numbers takes its time.

function areFinite(data: Float32Array): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
  return true;
}

function areNumbers(data: Float32Array): boolean {
  for (let i = 0; i < data.length; i++) if (Number.isNaN(data[i])) return false;
  return true;
}
