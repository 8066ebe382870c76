// The gradient by lag as numbers.
import type { ProbePoint, RunPoints } from '../../../src/protocol/run.ts';
import { csv } from '../figure/csv.ts';

/**
 * Returns the states of a run, the last layer first: a gradient that vanishes there never reaches the layers
 * below.
 */
export function statesOf({ probes }: RunPoints): string[] {
  return Object.keys(probes[0]?.gradientByLag ?? {}).reverse();
}

/**
 * Returns the measurement that was made closest to a step; of two that are equally close, the earlier one.
 */
export function nearestProbe({ probes }: RunPoints, step: number): ProbePoint | undefined {
  const distance = (probe: ProbePoint) => Math.abs(probe.step - step);
  return probes.reduce<ProbePoint | undefined>(
    (best, probe) => (best && distance(best) <= distance(probe) ? best : probe),
    undefined,
  );
}

export function lagCsv({ probes }: RunPoints): string {
  const lags = Math.max(0, ...Object.values(probes[0]?.gradientByLag ?? {}).map(({ length }) => length));
  return csv(
    ['step', 'state', ...Array.from({ length: lags }, (_, lag) => `lag ${lag}`)],
    probes.flatMap(({ step, gradientByLag }) =>
      Object.entries(gradientByLag).map(([state, norms]) => [step, state, ...norms]),
    ),
  );
}
