// The network as Python, held to files that are written with UPDATE_EXPECT=1 and read before they are committed.
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtinCells, cellsWithoutEncoder } from '../../../src/cells/index.ts';
import { modelFile, type NetworkEnds } from '../../../src/export/pytorch/modelFile.ts';
import { Problem } from '../../../src/protocol/problem.ts';

const folder = join(import.meta.dirname, 'cases');
const scripts = join(import.meta.dirname, '../../../src/export/pytorch/python');
/** The files that are parts of model.py. */
const templates = [
  'feedback.py',
  'network.py',
  'pairNetwork.py',
  'rowNetwork.py',
  'sequence.py',
  'seriesNetwork.py',
];
const python = spawnSync('python3', ['--version']).status === 0;
const cases: Record<string, string> = {
  LSTM: builtinCells.get('LSTM')!,
  ResetAfterGRU: builtinCells.get('ResetAfterGRU')!,
  ElmanReLU: builtinCells.get('ElmanReLU')!,
  GRU: builtinCells.get('GRU')!,
  EchoState: builtinCells.get('EchoState')!,
  Jordan: `${builtinCells.get('Jordan')}\n${builtinCells.get('LSTM')}`,
  HMM: builtinCells.get('HMM')!,
  words: readFileSync(join(folder, 'words.rnn'), 'utf8'),
  'every-operation': readFileSync(join(folder, 'every-operation.rnn'), 'utf8'),
};

describe.each(Object.entries(cases))('%s', (name, text) => {
  test('is written as in its file', () => {
    const file = join(folder, `${name}.py`);
    const written = modelFile(text);
    if (process.env.UPDATE_EXPECT) writeFileSync(file, written);
    expect(written).toBe(readFileSync(file, 'utf8'));
  });
});

const tasks: Record<string, [cell: string, ends: NetworkEnds, bidirectional?: boolean]> = {
  acceptor: ['GRU', { kind: 'acceptor', pool: 'max' }, true],
  regressor: ['GRU', { kind: 'regressor', pool: 'max', sequence: 'text' }, true],
  'regressor-numbers': ['GRU', { kind: 'regressor', pool: 'last', sequence: 'numbers' }],
  'regressor-feedback': ['Jordan', { kind: 'regressor', pool: 'last', sequence: 'numbers' }],
  transducer: ['Elman', { kind: 'transducer' }],
  'transducer-feedback': ['Jordan', { kind: 'transducer' }],
  'forecaster-feedback': ['Jordan', { kind: 'forecaster' }],
  'encoder-decoder-numbers': ['DecoderLSTM', { kind: 'encoder-decoder', source: 'numbers' }],
  'encoder-decoder': ['AdditiveAttention', { kind: 'encoder-decoder', source: 'tokens' }],
};

test.each(Object.entries(tasks))('%s is written as in its file', (name, [cell, ends, bidirectional]) => {
  const file = join(folder, `${name}.py`);
  const written = modelFile(builtinCells.get(cell)!, ends, bidirectional);
  if (process.env.UPDATE_EXPECT) writeFileSync(file, written);
  expect(written).toBe(readFileSync(file, 'utf8'));
});

test('what a decoder says of positions is written as in its file, and what does not depend on the step once', () => {
  const file = join(folder, 'positions.py');
  const text = readFileSync(join(folder, 'positions.rnn'), 'utf8');
  const written = modelFile(text, { kind: 'encoder-decoder', source: 'tokens' });
  if (process.env.UPDATE_EXPECT) writeFileSync(file, written);
  expect(written).toBe(readFileSync(file, 'utf8'));
});

test('an initial state is computed of parameters alone', () => {
  const cell = (start: string) => modelFile(`cell A\n  h[t] = tanh(W x[t] + U h[t-1])\n  h[0] = ${start}\n`);
  expect(cell('tanh(U b)')).toContain(
    'return ((torch.tanh(F.linear(self.b, self.U))).expand(batch, self.hidden),)',
  );
  expect(cell('2 * b first 3')).toContain(
    'F.pad((2 * self.b).expand(batch, 3)[:, :min(3, self.hidden)], (0, self.hidden - min(3, self.hidden)))',
  );
});

test('what PyTorch cannot say is refused in a sentence', () => {
  const jordan = builtinCells.get('Jordan')!;
  expect(() => modelFile(jordan, { kind: 'acceptor', pool: 'mean' })).toThrow(
    /which are pooled.*Export it as ONNX/,
  );
  expect(() => modelFile(jordan, { kind: 'transducer' }, true)).toThrow(/read both ways.*Export it as ONNX/);
  expect(() => modelFile(builtinCells.get('GRU')!, undefined, true)).toThrow(Problem);
});

test('a distribution of classes has no output layer', () => {
  const cell =
    'cell A\n  h[t] = tanh(W x[t] + U h[t-1])\n  p[t] = softmax(V h[t])\n  width p = y\n  output p[t] as distribution\n';
  const written = modelFile(cell, { kind: 'transducer' });
  expect(written).toContain('return torch.log(torch.clamp(x, min=1e-30))');
  expect(written).not.toMatch(/self\.output\b/);
});

test('every comment of a cell stays', () => {
  const text = cases['every-operation'];
  const written = modelFile(text);
  const comments = [...text.matchAll(/# ?(.*)$/gm)].map(([, comment]) => comment);
  expect(comments).toHaveLength(7);
  for (const comment of comments) expect(written).toContain(comment);
});

test('connections are drawn as they are here', () => {
  const written = modelFile(
    'cell A\n  h[t] = tanh(W x[t] + U h[t-1])\n  init U = connections(15) radius 1.1\n',
  );
  expect(written).toContain('= nn.Parameter(connections(hidden, hidden, 15, 1.1))');
  expect(written).toContain('def connections(rows, columns, count, radius=None):');
  expect(written).not.toContain('def sparse(');
});

test('names that Python refuses get others, each its own', () => {
  const written = modelFile(`cell Über
  in[t] = W x[t] + train
  in'[t] = W' in[t] + self
  torch[t] = tanh(W′ in'[t])
  h[t] = torch[t] + h_prev[t] + h[t-1] * state
  h_prev[t] = in[t] * 2
`);
  expect(written).toContain('class Über(Layer):');
  for (const [name, python] of Object.entries({
    "W'": 'W_prime',
    'W′': 'W_prime_',
    train: 'train_',
    state: 'state',
  }))
    expect(written).toMatch(
      python === name
        ? new RegExp(`self\\.${python} = `)
        : new RegExp(`"${python}": ${JSON.stringify(name)}`),
    );
  expect(written).toContain('in_ = F.linear(x, self.W) + self.train_');
});

test('a cell with a mistake is refused in a sentence', () => {
  expect(() => modelFile('cell A\n  h[t] = W\n')).toThrow(Problem);
});

test.skipIf(!python)(
  'Python reads what is written, with a name of any alphabet (skipped: there is no python3)',
  () => {
    const odd =
      'cell 细胞\n  ход[t] = Ŵ x[t] + ﷺ + ถ้ำ\n  h[t] = tanh(ход[t] + Ωmega h[t-1])\n  width ход = h\n';
    const all = [
      ...[...Object.values(cases), ...cellsWithoutEncoder.values(), odd].map((text) => modelFile(text)),
      ...globSync('*.py', { cwd: scripts, exclude: templates }).map((name) =>
        readFileSync(join(scripts, name), 'utf8'),
      ),
    ];
    const check = 'import ast, json, sys\nfor text in json.load(sys.stdin): ast.parse(text)';
    execFileSync('python3', ['-c', check], { input: JSON.stringify(all) });
  },
);
