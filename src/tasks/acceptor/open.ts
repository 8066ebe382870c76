// Opens an acceptor, to name the classes of rows.
import type { Architecture, Engine, Weights } from '../../backend/engine.ts';
import { blocksOf, layOutRows, paddedLength } from '../../data/table/rowBatches.ts';
import { longestRow } from '../../data/table/tableDataset.ts';
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import { type Classified, likeliest, ranked } from '../likeliest.ts';

export interface Acceptor {
  /** Names the class of each text; null for one without a token, in which there is nothing to read. */
  classify(texts: readonly string[]): (Classified | null)[];
  /** Names all classes of each text, the likeliest first. */
  rank(texts: readonly string[]): (readonly Classified[] | null)[];
  dispose(): void;
}

/** The parts of a stored model that are needed. */
export interface StoredAcceptor {
  readonly architecture: Architecture;
  readonly weights: Weights;
  readonly tokenizer: Tokenizer;
  /** The labels, by their output. */
  readonly classes: readonly string[];
}

/** The number of rows that are read side by side. */
const height = 32;

/** A network of whole rows is needed, as a predictor reads step by step, and no cell that begins at the end can. */
export function openAcceptor(
  engine: Engine,
  { architecture, weights, tokenizer, classes }: StoredAcceptor,
): Acceptor {
  const shape = {
    batch: height,
    // Rows are read in tapes of their own lengths, so that none is planned for longer ones.
    steps: paddedLength(1),
    optimizer: { kind: 'sgd' },
    dropout: 0,
    seed: 1,
  } as const;
  const network = engine.train(architecture, shape, weights);
  /** Reads texts, and names what the logits of each say. */
  function read<Named>(texts: readonly string[], name: (logits: Float32Array) => Named): (Named | null)[] {
    const found = texts.map((): Named | null => null);
    const rows = texts.flatMap((text, index) => {
      const tokens = tokenizer.encode(text).slice(0, longestRow);
      // The row's only target marks its last step; which class it is does not matter.
      return tokens.length > 0 ? [{ tokens, target: 0, index }] : [];
    });
    for (const block of blocksOf(rows, height)) {
      const { x, y } = layOutRows(block, height);
      const steps = x.length / height;
      network.logits(x, y, height, (at, logits) => {
        found[block[Math.floor(at / steps)].index] = name(logits);
      });
    }
    return found;
  }
  return {
    classify: (texts) => read(texts, (logits) => likeliest(logits, classes)),
    rank: (texts) => read(texts, (logits) => ranked(logits, classes)),
    dispose: () => network.dispose(),
  };
}
