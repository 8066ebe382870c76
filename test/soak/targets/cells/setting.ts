// The network and the windows in which a cell is tried.
import type { CheckedCell } from '../../../../src/language/cell.ts';
import { outputWidth } from '../../../../src/tape/architecture.ts';

export interface Setting {
  /** The number of units of each layer; all layers have the same cell. */
  readonly hidden: readonly number[];
  readonly vocabulary: number;
  /** The width of the embedding; 0 means one-hot vectors. */
  readonly embedding: number;
  readonly tied: boolean;
  readonly batch: number;
  /** The number of parts into which the batch is divided. */
  readonly parts: number;
  readonly steps: number;
  /** The number of steps of the first window after which the second one begins. */
  readonly carry: number;
  /** The first step of the second window that has a target. */
  readonly countFrom: number;
  readonly seed: number;
}

/** Returns the setting with every value made to fit; for example, `carry` is at most the number of steps. */
export function settingOf(cell: CheckedCell, given: Setting): Setting {
  const setting = cell.distribution || cell.readsSymbols ? alone(given) : given;
  const { hidden, vocabulary, steps } = setting;
  const layers = hidden.map((units) => ({ cell, hidden: units }));
  const width = (embedding: number) =>
    outputWidth({
      inputs: vocabulary,
      outputs: vocabulary,
      embedding,
      layers,
    });
  const embedding = setting.tied ? width(setting.embedding) : setting.embedding;
  return {
    ...setting,
    embedding,
    tied: setting.tied && width(embedding) === embedding,
    carry: Math.min(setting.carry, steps),
    countFrom: Math.min(setting.countFrom, steps - 1),
  };
}

/** Returns the setting for a cell that nothing can stand above or below. */
const alone = (setting: Setting): Setting => ({
  ...setting,
  hidden: setting.hidden.slice(0, 1),
  embedding: 0,
  tied: false,
});
