// Checks whether a training run fits into the machine's memory, before anything is allocated for its network.
import type { Architecture, Engine, TrainingShape } from '../backend/engine.ts';
import { momentCount } from '../backend/momentCount.ts';
import type { Series } from '../data/dataset.ts';
import type { Optimizer } from '../language/options/options.ts';
import { Problem } from '../protocol/problem.ts';
import { countParameters, largest, narrowed, roundedUnits, widestLayer } from '../training/networkSize.ts';

/** The largest size of a WebAssembly memory. */
const engineBytes = 4 * 2 ** 30;

/** The share of the machine's memory that a training may take. */
const trainingShare = 0.75;

/** The copies in the engine: the parameters, a packed copy of them, and their gradients. */
const copiesInEngine = 3;

/** The copies outside of it: the initial, the best and the current parameters. */
const copiesOutside = 3;

/** A training that has not begun, and the engine that will run it. */
export interface PlannedTraining {
  readonly engine: Pick<Engine, 'trainingBytes'>;
  readonly shape: TrainingShape;
  readonly series: Series | null;
}

interface Need {
  /** The bytes in the engine, and together with the copies outside. */
  readonly engine: number;
  readonly total: number;
}

/**
 * Checks the memory that a network needs: parameters, gradients, moments and, where the training is known, activations.
 * @param machineBytes the memory of the machine, or as much as the process may have of it
 * @param training null where the network is not trained
 * @throws Problem when it is more than the engine can hold, or more than three quarters of the machine's memory; it says
 * what would fit
 */
export function checkMemory(
  architecture: Architecture,
  optimizer: Optimizer,
  machineBytes: number,
  training: PlannedTraining | null = null,
): void {
  const most = trainingShare * machineBytes;
  const needOf = (network: Architecture, planned: PlannedTraining | null): Need => {
    const numbers = 4 * countParameters(network);
    const moments = momentCount[optimizer.kind];
    const estimate = numbers * (copiesInEngine + moments);
    const engine = planned?.engine.trainingBytes?.(network, planned.shape, planned.series) ?? estimate;
    // A checkpoint copies the moments too.
    return { engine, total: engine + numbers * (copiesOutside + moments) };
  };
  const fits = ({ engine, total }: Need) => engine <= engineBytes && total <= most;
  // A network whose parameters alone are too many is not planned.
  const parameters = needOf(architecture, null);
  const need = fits(parameters) && training ? needOf(architecture, training) : parameters;
  if (fits(need)) return;

  const hasRoom = (network: Architecture, planned: PlannedTraining | null) => {
    try {
      return fits(needOf(network, null)) && (!planned || fits(needOf(network, planned)));
    } catch {
      // The cell cannot be that narrow.
      return false;
    }
  };
  const units = largest(widestLayer(architecture), (units) =>
    hasRoom(narrowed(architecture, units), training),
  );
  const batch =
    training && fits(parameters)
      ? largest(training.shape.batch, (batch) =>
          hasRoom(architecture, { ...training, shape: { ...training.shape, batch } }),
        )
      : 0;
  const [bytes, limit] =
    need.engine > engineBytes
      ? [need.engine, 'the engine has 4.3 GB for it']
      : [
          need.total,
          `a training may take ${gigabytes(most)}, three quarters of the memory that this machine has for it`,
        ];
  const ways = [
    ...(units > 0
      ? [
          `${roundedUnits(units).toLocaleString('en')} units in the widest layer, and in proportion in the others`,
        ]
      : []),
    ...(batch > 0 ? [`\`train.batch\` of ${batch}`] : []),
  ];
  throw new Problem(
    `The network is too large to be trained here: it takes ${gigabytes(bytes)} with its ${countParameters(architecture).toLocaleString('en')} parameters${training ? ' and its windows' : ''}, and ${limit}. ${ways.length > 0 ? `What would fit: ${ways.join(', or ')}.` : 'Take fewer units or layers.'}`,
  );
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
