// The steps of the updates of truncated backpropagation through time.
import type { RunStart } from '../../../src/protocol/run.ts';
import { csv } from '../figure/csv.ts';

export type Window = NonNullable<RunStart['window']>;

/** The number of updates that are drawn. */
export const updates = 3;

/** Returns the steps of each update: those since the one before, and those over which its gradient goes back. */
export function windowsOf({ k1, k2 }: Window): { fresh: [number, number]; back: [number, number] }[] {
  const first = Math.max(k1, k2);
  return Array.from({ length: updates }, (_, index) => {
    const end = first + index * k1;
    return { fresh: [end - k1, end], back: [end - k2, end] };
  });
}

export function windowsCsv(window: Window | undefined): string {
  return csv(
    ['update', 'first new step', 'first step of the gradient', 'last step'],
    window
      ? windowsOf(window).map(({ fresh, back }, index) => [index + 1, fresh[0], back[0], fresh[1] - 1])
      : [],
  );
}
