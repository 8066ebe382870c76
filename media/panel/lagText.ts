// The gradient by lag in names and numbers.
import type { RunPoints } from '../../src/protocol/run.ts';
import { csv } from './csv.ts';
import { t } from './l10n.ts';

/** `layers.0.h` as people count. */
export function readableName(name: string): string {
  return name.replace(/^layers\.(\d+)\.(.+)$/, (_, index, own) =>
    t('{0} in layer {1}', own, Number(index) + 1),
  );
}

/** The states of a run: those of the last layer first, because what they lose is lost for all. */
export function statesOf({ probes }: RunPoints): string[] {
  return Object.keys(probes[0]?.gradientByLag ?? {}).reverse();
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
