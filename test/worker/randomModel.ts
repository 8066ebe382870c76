// Writes a model with random weights to disk, for tests that do not depend on what it has learned.
import type { Architecture, Weights } from '../../src/backend/engine.ts';
import type { Tokenizer } from '../../src/data/text/tokens/tokenizer.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { emptyPoints } from '../../src/protocol/run.ts';
import { ModelWriter } from '../../src/store/modelWriter.ts';
import { writeTokenizer } from '../../src/store/tokens.ts';
import { initialWeights } from '../../src/tape/parameters.ts';
import { random } from '../../src/tape/random.ts';
import { architecture } from '../../src/training/configuration.ts';

export interface RandomModel {
  readonly tokenizer: Tokenizer;
  /** The cells by name, one for each layer. */
  readonly cells: Readonly<Record<string, string>>;
  /** The units of every layer; by default, few, and as many more in the first ones. */
  readonly hidden?: number;
  readonly embedding?: number;
  readonly tied?: boolean;
  readonly direction?: 'forward' | 'backward';
  /** The text that is kept with the model, for the ensemble's n-gram counts and match model. */
  readonly text?: string;
  readonly seed?: number;
}

export function writeRandomModel(
  directory: string,
  {
    tokenizer,
    cells,
    hidden,
    embedding = 0,
    tied = false,
    direction = 'forward',
    text = '',
    seed = 3,
  }: RandomModel,
): { built: Architecture; weights: Weights } {
  const network = {
    embedding,
    tied,
    layers: Object.keys(cells).map((cell, i) => ({ cell, hidden: hidden ?? 7 - i })),
  };
  const built = architecture(tokenizer.size, network, cells);
  const next = random(seed);
  const weights = initialWeights(built, 2);
  // The weights are moved away from the zeros that initialisers leave, so that every path counts.
  for (const { data } of weights.values()) for (let i = 0; i < data.length; i++) data[i] += next() - 0.5;
  new ModelWriter(nodeFiles, directory).write({
    contents: {
      ...writeTokenizer(tokenizer),
      architecture: network,
      direction,
      cells,
      options: {},
      provenance: {
        source: 'notes.md',
        uri: null,
        pattern: null,
        languageId: 'markdown',
        characters: text.length,
        date: '2026-01-01T00:00:00.000Z',
        engine: 'unroll',
        unroll: '0.1.0',
      },
      validationLoss: null,
      step: 1,
    },
    weights,
    mixture: null,
    text,
    checkpoint: null,
    history: {
      title: '',
      date: '',
      status: { kind: 'starting' },
      start: null,
      progress: null,
      points: emptyPoints(),
    },
  });
  return { built, weights };
}
