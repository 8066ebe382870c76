// Checks whether a training run fits into the machine's memory, before it begins.
import type { Architecture } from '../backend/engine.ts';
import { momentCount } from '../backend/momentCount.ts';
import type { Optimizer } from '../language/options.ts';
import { Problem } from '../protocol/problem.ts';
import { countParameters } from '../training/networkSize.ts';

/** The largest size of a WebAssembly memory. */
const engineBytes = 4 * 2 ** 30;

/** The copies in the engine: the parameters, a packed copy of them, and their gradients. */
const copiesInEngine = 3;

/** The copies outside of it: the initial, the best and the current parameters. */
const copiesOutside = 3;

/**
 * Checks the memory that the parameters need; windows and states come on top of that.
 * @param machineBytes the memory of the machine, or as much as the process may have of it
 * @throws Problem when the parameters alone need too much
 */
export function checkMemory(architecture: Architecture, optimizer: Optimizer, machineBytes: number): void {
  const count = countParameters(architecture);
  const moments = momentCount[optimizer.kind];
  const engine = 4 * count * (copiesInEngine + moments);
  // A checkpoint copies the moments too.
  const total = engine + 4 * count * (copiesOutside + moments);
  const limit =
    engine > engineBytes ? 'the engine has 4.3 GB for them' : `this machine has ${gigabytes(machineBytes)}`;
  if (engine > engineBytes || total > machineBytes)
    throw new Problem(
      `The network is too large to be trained here: its ${count.toLocaleString('en')} parameters take ${gigabytes(engine > engineBytes ? engine : total)}, and ${limit}. Take fewer units or layers.`,
    );
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
