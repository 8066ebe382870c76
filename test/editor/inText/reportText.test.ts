import { expect, test } from 'vitest';
import { builtinCells } from '../../../src/cells/index.ts';
import { type Facts, reportText } from '../../../src/editor/inText/reportText.ts';
import { Diary } from '../../../src/editor/report/diary.ts';
import { languageModelMeasures } from '../../../src/protocol/metric.ts';
import { emptyPoints } from '../../../src/protocol/run.ts';
import { type Manifest, makeManifest } from '../../../src/store/manifest.ts';

/** This word stands wherever a user's own word can be. */
const secret = 'Schatz';

const logged: string[] = [];
const diary = new Diary({ error: (message) => logged.push(message) });
diary.activation = 3.21;
for (let time = 1; time <= 100; time++) diary.suggested(time);
diary.problem('suggestion', `${secret} cannot be read`);

const model = (
  layers: readonly string[],
  cells: Readonly<Record<string, string>>,
  imported: Manifest['provenance']['imported'] = null,
) =>
  makeManifest({
    weights: 'weights-1.safetensors',
    text: null,
    vocabulary: { characters: ['', ...secret], rareKinds: 1 },
    tokens: { kind: 'pieces', longer: [secret] },
    architecture: { embedding: 0, tied: false, layers: layers.map((cell) => ({ cell, hidden: 32 })) },
    direction: 'forward',
    cells: { ...cells },
    options: { tokens: secret, layers: secret },
    provenance: {
      source: `/home/${secret}/${secret}.txt`,
      uri: `file:///home/${secret}/${secret}.txt`,
      pattern: `${secret}/*`,
      languageId: secret,
      characters: 12345,
      date: '2020-01-01T00:00:00.000Z',
      engine: 'unroll',
      unroll: '0.1.0',
      imported,
    },
    validationLoss: 1.2345,
    learnedHeldOut: true,
    step: 678,
  });

const facts: Facts = {
  versions: { Unroll: '0.1.0', 'VS Code': '1.110.0, web', Node: '24.0.0' },
  cores: 2,
  memoryGigabytes: 7.5,
  diagnosis: { engine: 'unroll', build: 'relaxed', threads: 2, network: 'LSTM 128', tokensPerSecond: 12345 },
  wishes: { engine: secret, threads: secret },
  models: [
    model(['LSTM', 'LSTM'], { LSTM: builtinCells.get('LSTM')! }),
    model([secret], { [secret]: `cell ${secret}\n  h[t] = tanh(W x[t])\n` }),
    model(
      ['GRU'],
      { GRU: `cell GRU # ${secret}\n  h[t] = tanh(W x[t])\n` },
      { folder: secret, program: secret },
    ),
  ],
  run: {
    title: secret,
    date: '2020-01-01T00:00:00.000Z',
    status: { kind: 'failed', message: secret },
    start: {
      layers: secret,
      engine: 'tfjs-cpu',
      fallback: secret,
      remarks: [secret],
      parameters: 4321,
      vocabulary: 7,
      characters: 12345,
      task: 'language model',
      ...languageModelMeasures,
      baselines: [{ name: 'unigram', value: 3 }],
      seconds: 60,
      epochs: null,
    },
    progress: null,
    points: {
      ...emptyPoints(),
      samples: [{ step: 1, temperature: 1, text: secret }],
      notes: [{ step: 1, text: secret }],
    },
  },
  diary,
};

test('a report has no word of the user’s in it', () => {
  expect(reportText(facts)).not.toContain(secret);
  expect(logged).toEqual([`${secret} cannot be read`]);
});

test.each([
  '- VS Code: 1.110.0, web',
  '- Cores: 2',
  '- Kernels: relaxed',
  '- Asked for: an unknown engine',
  '- Threads in a training: 2, by the machine',
  '- Reading: 12,345 tokens/s (LSTM 128)',
  '- LSTM 32, LSTM 32 · 7 symbols (characters) · 12,345 characters, 678 steps · validation 1.234 bpc before the held-out text was learned · forward',
  '- own cell 32 · 7 symbols',
  'validation 1.234 bpc after the held-out text was learned',
  '- Activation: 3.2 ms',
  '- Suggestions: p50 51.0 ms, p95 96.0 ms, of 100',
  '- Last training: failed, tfjs-cpu, 4,321 parameters, not the engine that was asked for',
  'Z: suggestion\n',
])('it says %j', (line) => {
  expect(reportText(facts)).toContain(line);
});

test('a cell that only has a built-in one’s name is the user’s own', () => {
  expect(reportText(facts).match(/own cell 32/g)).toHaveLength(2);
});

test('it is one where nothing is known yet', () => {
  const empty = reportText({
    ...facts,
    diagnosis: null,
    models: [],
    run: null,
    diary: new Diary({ error() {} }),
  });
  expect(empty).toMatch(/## Models\n\nNone\./);
  expect(empty).toMatch(/Suggestions: none yet/);
  expect(empty).toMatch(/## Problems\n\nNone/);
});
