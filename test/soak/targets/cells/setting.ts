// In which network, and over which windows, a cell is tried.
import type { CheckedCell } from '../../../../src/language/cell.ts';
import { outputWidth } from '../../../../src/tape/architecture.ts';

export interface Setting {
  /** Units of each layer; all are of the same cell. */
  readonly hidden: readonly number[];
  readonly vocabulary: number;
  /** 0 is one-hot. */
  readonly embedding: number;
  readonly tied: boolean;
  readonly batch: number;
  /** In which the batch is divided. */
  readonly parts: number;
  readonly steps: number;
  /** The second window begins at the state after so many steps of the first. */
  readonly carry: number;
  /** The first step of the second window that has a target. */
  readonly countFrom: number;
  readonly seed: number;
}

/** The setting with what does not fit made to fit: no more is carried than there are steps, and the like. */
export function settingOf(cell: CheckedCell, setting: Setting): Setting {
  const { hidden, vocabulary, steps } = setting;
  const layers = hidden.map((units) => ({ cell, hidden: units }));
  const width = (embedding: number) =>
    outputWidth({
      inputs: vocabulary,
      outputs: vocabulary,
      embedding,
      layers,
      tied: false,
      head: { kind: 'every step' },
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
