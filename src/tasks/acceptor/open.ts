// Opens an acceptor, to name the classes of rows.
import type { Architecture, Engine, Weights } from '../../backend/engine.ts';
import { blocksOf, layOutRows, paddedLength } from '../../data/table/rowBatches.ts';
import { longestRow } from '../../data/table/tableDataset.ts';
import type { Tokenizer } from '../../data/text/tokens/tokenizer.ts';
import { type Classified, ranked, softmaxOf } from '../classify.ts';
import type { ClassEnsemble } from './classEnsemble.ts';

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
  /** The network with the n-grams of the classes; missing or null where the network is alone. */
  readonly ensemble?: ClassEnsemble | null;
}

/** The number of rows that are read side by side. */
const height = 32;

/** A network of whole rows is needed, as a predictor reads step by step, and no cell that begins at the end can. */
export function openAcceptor(
  engine: Engine,
  { architecture, weights, tokenizer, classes, ensemble = null }: StoredAcceptor,
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
  /** Reads texts, and names the classes of each, the likeliest first. */
  function rank(texts: readonly string[]): (Classified[] | null)[] {
    const found = texts.map((): Classified[] | null => null);
    const rows = texts.flatMap((text, index) => {
      const tokens = tokenizer.encode(text).slice(0, longestRow);
      // The row's only target marks its last step; which class it is does not matter.
      return tokens.length > 0 ? [{ tokens, target: 0, index }] : [];
    });
    for (const block of blocksOf(rows, height)) {
      const { x, y } = layOutRows(block, height);
      const steps = x.length / height;
      network.logits(x, y, height, (at, logits) => {
        const { index } = block[Math.floor(at / steps)];
        found[index] = ranked(ensemble ? ensemble.mix(texts[index], logits) : softmaxOf(logits), classes);
      });
    }
    return found;
  }
  return {
    classify: (texts) => rank(texts).map((each) => each?.[0] ?? null),
    rank,
    dispose: () => network.dispose(),
  };
}
