// Names the states of a network as they are shown.
import { t } from './l10n.ts';

/** Returns a name such as `layers.0.h` with the layer counted from 1. */
export function readableName(name: string): string {
  return name.replace(/^layers\.(\d+)\.(.+)$/, (_, index, own) =>
    t('{0} in layer {1}', own, Number(index) + 1),
  );
}
