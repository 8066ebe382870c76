// Makes what a run of a tiny network would store.
import { builtinCells } from '../../src/cells/index.ts';
import { languageModelMeasures } from '../../src/protocol/metric.ts';
import { emptyPoints } from '../../src/protocol/run.ts';
import type { Generation } from '../../src/store/modelWriter.ts';
import { initialWeights, parameters } from '../../src/tape/parameters.ts';
import type { Checkpoint } from '../../src/training/checkpoint.ts';
import { architecture } from '../../src/training/configuration.ts';

export interface Tiny {
  readonly cell?: string;
  readonly hidden?: number;
  readonly seed?: number;
  readonly step?: number;
  readonly text?: string;
}

const characters = ['', 'a', 'b', '\n'];

export function generation({
  cell = 'GRU',
  hidden = 3,
  seed = 1,
  step = 100,
  text = 'ab\n'.repeat(200),
}: Tiny = {}): Generation {
  const cells = { [cell]: builtinCells.get(cell)! };
  const network = { embedding: 0, layers: [{ cell, hidden }], tied: false };
  const built = architecture(characters.length, network, cells);
  const weights = initialWeights(built, seed);
  const trained = new Set(parameters(built).flatMap(({ name, trained }) => (trained ? [name] : [])));
  const moment = new Map([...weights].filter(([name]) => trained.has(name)));
  const checkpoint: Checkpoint = {
    weights,
    optimizer: { steps: step, updates: step, moments: [moment, moment] },
    best: { weights, loss: 2.5, step },
    cursor: { position: 0, epoch: 1 },
    step,
    tokens: 100 * step,
    seconds: 3,
    trainingSeconds: 2.5,
    budget: { seconds: Infinity, epochs: 1 },
    learningRate: 0.002,
    rateFactor: 1,
    clipping: { kind: 'norm', threshold: 1 },
    norms: [1, 2],
    smoothedLoss: Number.NaN,
  };
  return {
    contents: {
      vocabulary: { characters, rareKinds: 1 },
      tokens: { kind: 'characters', longer: [] },
      architecture: network,
      direction: 'forward',
      cells,
      options: { seed },
      wishes: {
        settings: {
          'model.layers': `${cell} ${hidden}`,
          'train.k1': 10,
          'train.k2': 10,
          'train.batch': 2,
          'train.seconds': null,
          'train.epochs': 1,
        },
        definition: null,
        cell: null,
      },
      finished: false,
      compared: false,
      provenance: {
        source: 'notes.md',
        uri: 'file:///notes.md',
        pattern: null,
        languageId: 'markdown',
        characters: text.length,
        date: '2026-01-01T00:00:00.000Z',
        engine: 'unroll',
        unroll: '0.1.0',
      },
      parameters: 100,
      validationLoss: 2.5,
      step,
    },
    weights,
    mixture: null,
    text,
    checkpoint,
    history: {
      title: 'notes.md',
      date: '2026-01-01T00:00:00.000Z',
      status: { kind: 'running' },
      start: {
        layers: `${cell} ${hidden}`,
        engine: 'unroll',
        fallback: null,
        remarks: [],
        parameters: 100,
        vocabulary: characters.length,
        tokens: { kind: 'characters', length: 1 },
        characters: text.length,
        task: 'language model',
        ...languageModelMeasures,
        baselines: [
          { name: 'unigram', value: 1.5 },
          { name: 'uniform', value: 1.58 },
        ],
        seconds: null,
        epochs: 1,
      },
      progress: {
        step,
        seconds: 3,
        tokensPerSecond: 1000,
        epoch: 1,
        fraction: 0.5,
        secondsLeft: 3,
        learningRate: 0.002,
        threshold: 1,
      },
      points: {
        ...emptyPoints(),
        steps: [{ step: 1, seconds: 0, loss: 2.5, gradientNorm: 1, clip: 1 }],
        validations: [{ step, seconds: 3, loss: 2.5 }],
        samples: [{ step, temperature: 0.8, text: 'ab' }],
        notes: [{ step, text: 'Continued.' }],
      },
    },
  };
}
