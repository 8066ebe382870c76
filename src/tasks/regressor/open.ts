// Opens a regressor, to predict the numbers of rows.
import type { Architecture, Engine, Weights } from '../../backend/engine.ts';
import type { Series } from '../../data/dataset.ts';
import { standardise } from '../../data/series/standardisation.ts';
import { writeDecimals } from '../../data/table/decimals.ts';
import { numbersIn } from '../../data/table/numberedRows.ts';
import { blocksOf, layOutRows, paddedLength } from '../../data/table/rowBatches.ts';
import { longestRow } from '../../data/table/tableDataset.ts';
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import type { StoredRegression } from '../../protocol/task.ts';
import { halfWidth } from '../outcomes.ts';

/** A prediction of a number, with the interval that should hold it, in the column's own units. */
export interface PredictedNumber {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  /** See `NumberInterval`. */
  readonly sharpness: number;
}

export interface Regressor {
  /**
   * Predicts the number of each row.
   * @param texts the cells that are read of each row, with a tab between them
   * @returns null for a row in which there is nothing to read
   */
  predict(texts: readonly string[]): (PredictedNumber | null)[];
  dispose(): void;
}

/** The parts of a stored model that are needed. */
export interface OpenableRegressor {
  readonly architecture: Architecture;
  readonly weights: Weights;
  /** Null where numbers are read. */
  readonly tokenizer: Tokenizer | null;
  readonly regression: Pick<StoredRegression, 'standardisation'>;
}

interface Row {
  readonly tokens: Int32Array;
  /** The index of its text. */
  readonly index: number;
}

/** The number of rows that are read side by side. */
const height = 32;

export function openRegressor(
  engine: Engine,
  { architecture, weights, tokenizer, regression: { standardisation } }: OpenableRegressor,
): Regressor {
  const { mean, deviation } = standardisation.writes;
  // A row's only target marks its last step; which number it is does not matter.
  const targets = new Float32Array(1);
  const networkOn = (series: Series) => {
    // Rows are read in tapes of their own lengths, so that none is planned for longer ones.
    const steps = paddedLength(1);
    const shape = { batch: height, steps, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 } as const;
    return engine.train(architecture, shape, weights, series);
  };
  // Numbers stand in the network's memory, so that a network of numbers is made for each question.
  const ofTexts = tokenizer && networkOn({ inputs: new Float32Array(), targets });

  function textRows(reader: Tokenizer, texts: readonly string[]): Row[] {
    return texts.map((text, index) => ({ tokens: reader.encode(text).slice(0, longestRow), index }));
  }

  function numberRows(texts: readonly string[]): {
    readonly rows: readonly Row[];
    readonly inputs: Float32Array;
  } {
    const numbers: number[] = [];
    const rows = texts.map((text, index): Row => {
      const own = numbersIn(text)?.slice(0, longestRow) ?? [];
      const from = numbers.length;
      numbers.push(...own);
      return { tokens: Int32Array.from(own, (_, at) => from + at), index };
    });
    return { rows, inputs: standardise(numbers, [standardisation.reads!]) };
  }

  return {
    predict(texts) {
      const found = texts.map((): PredictedNumber | null => null);
      const { rows, inputs } = tokenizer
        ? { rows: textRows(tokenizer, texts), inputs: new Float32Array() }
        : numberRows(texts);
      const network = ofTexts ?? networkOn({ inputs, targets });
      const read = rows.filter(({ tokens }) => tokens.length > 0).map((row) => ({ ...row, target: 0 }));
      for (const block of blocksOf(read, height)) {
        const { x, y } = layOutRows(block, height);
        const steps = x.length / height;
        network.logits(x, y, height, (at, [z, logarithm]) => {
          const value = mean + deviation * z;
          const spread = Math.exp(logarithm);
          const half = halfWidth * deviation * spread;
          const { index } = block[Math.floor(at / steps)];
          found[index] = { value, lower: value - half, upper: value + half, sharpness: 1 - spread };
        });
      }
      if (network !== ofTexts) network.dispose();
      return found;
    },
    dispose: () => ofTexts?.dispose(),
  };
}

/** Writes a number as the column has it. */
export const writeNumber = (value: number, { decimals }: Pick<StoredRegression, 'decimals'>): string =>
  writeDecimals(value, decimals);
