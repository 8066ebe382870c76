// Models are read from ONNX files: those that this program exported, and those of other programs.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import type { ImportedModel } from '../../src/export/importedModel.ts';
import {
  attributeOf,
  decodeModel,
  describeValue,
  elementTypes,
  encodeModel,
  type Model,
  tensorOf,
} from '../../src/export/onnx/format.ts';
import { onnxModel } from '../../src/export/onnx/onnxModel.ts';
import { readOnnx } from '../../src/export/onnx/readOnnx.ts';
import { readOnnxFile } from '../../src/export/onnx/readOnnxFile.ts';
import { random } from '../../src/tape/random.ts';
import { architecture } from '../../src/training/configuration.ts';
import { readKernels } from '../kernels/modules.ts';
import { MemoryFiles } from '../store/memoryFiles.ts';
import { runDirected } from './directedOperators.ts';
import {
  builtin,
  furthest,
  type Network,
  networks,
  probabilities,
  randomNetwork,
  text,
  tokenizer,
  twoRows,
} from './networks.ts';
import { directedCases, operatorCases, operatorModel, runOperator } from './operators.ts';
import { Runtime, tokensOf } from './runtime.ts';

let engine: Engine;
beforeAll(async () => {
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
});

const rows = twoRows(text, tokenizer, 20);

const built = (model: ImportedModel) => ({
  architecture: architecture(model.tokenizer.size, model.architecture, model.cells),
  weights: model.weights,
});

describe('a model of this program', () => {
  test.each(Object.keys(networks))('%s: is read back as it was', (name) => {
    const model = randomNetwork(networks[name]);
    const read = readOnnx(onnxModel(model).bytes, null);
    expect(read.cells).toEqual(model.manifest.cells);
    expect(read.architecture).toEqual(model.manifest.architecture);
    expect(read.direction).toBe(model.manifest.direction);
    expect(read.tokenizer.symbols).toEqual(tokenizer.symbols);
    expect(read.tokenizer.kind).toBe(tokenizer.kind);
    expect(new Map([...read.weights].toSorted())).toEqual(new Map([...model.weights].toSorted()));
  });

  const others: readonly Network[] = [
    ...['LSTM', 'GRU, Elman', 'PeepholeLSTM, tied'].map((name) => networks[name]),
    { cells: builtin('IRNN', 'LSTM'), embedding: 2 },
    { cells: { ResetAfter: networks['ResetAfter, Mirrored'].cells.ResetAfter } },
  ];
  test.each(others)('as any other file: $cells', (network) => {
    const model = randomNetwork(network);
    const exported = decodeModel(onnxModel(model).bytes);
    const metadata = exported.metadata.filter(({ key }) => key === 'vocabulary');
    const read = readOnnx(encodeModel({ ...exported, metadata }), null);
    expect(read.architecture.tied).toBe(network.tied ?? false);
    expect(
      furthest(probabilities(engine, built(read), rows), probabilities(engine, model, rows)),
    ).toBeLessThan(1e-5);
  });
});

describe('an operator with random weights, as ONNX Runtime computes it', () => {
  const some = operatorCases.filter((_, index) => index % 4 === 3);
  test.each(some)('$name', async (operator) => {
    const { bytes, x } = operatorModel(operator, 1);
    const runtime = await Runtime.open(bytes);
    const wanted = await runtime.run({ X: x });
    const found = await runOperator(bytes, x);
    for (const [index, name] of runtime.outputNames.entries())
      expect(furthest(found[index].data, wanted[name].data)).toBeLessThan(1e-5);
    await runtime.close();
  });
});

describe('an operator that reads from both ends, or rows of different lengths, as a layer of the engine', () => {
  test.each(directedCases)('$name', async (operator) => {
    const { bytes, x } = operatorModel(operator, 2);
    const runtime = await Runtime.open(bytes);
    const wanted = await runtime.run({ X: x });
    const [y, h] = runDirected(engine, bytes, x);
    expect(furthest(y.data, wanted.Y.data)).toBeLessThan(1e-5);
    expect(furthest(h.data, wanted.Y_h.data)).toBeLessThan(1e-5);
    await runtime.close();
  });

  test('directions with different equations are no layer', () => {
    const attributes = { direction: 'bidirectional', activations: ['Tanh', 'Relu'] };
    const { bytes, x } = operatorModel({ name: 'RNN', operator: 'RNN', attributes }, 1);
    expect(() => runDirected(engine, bytes, x)).toThrow('two directions have different equations');
  });
});

/** A language model as PyTorch exports one, with rows first and a state of zeros that is made as it runs. */
function otherModel(change: (model: Model) => unknown = () => {}): Uint8Array {
  const next = random(5);
  const numbers = (name: string, ...dims: number[]) =>
    tensorOf(
      name,
      dims,
      Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => 2 * next() - 1),
    );
  const node = (operator: string, inputs: string[], output: string, attributes: object = {}) => ({
    operator,
    inputs,
    outputs: [output],
    name: `/${output}`,
    domain: '',
    attributes: Object.entries(attributes).map(([name, value]) => attributeOf(name, value)),
  });
  const integers = (name: string, ...values: number[]) =>
    tensorOf(
      name,
      [values.length],
      BigInt64Array.from(values, (value) => BigInt(value)),
    );
  const [tokens, width, hidden] = [5, 3, 4];
  const lstm = (index: number, x: string) => [
    node('LSTM', [x, `W${index}`, `R${index}`, `B${index}`, '', 'zeros', 'zeros'], `Y${index}`, {
      hidden_size: hidden,
    }),
    node('Squeeze', [`Y${index}`, 'one'], `y${index}`),
  ];
  const model: Model = {
    irVersion: 8,
    producerName: 'pytorch',
    producerVersion: '2.0',
    graph: {
      nodes: [
        node('Gather', ['table', 'input'], 'vectors'),
        node('Transpose', ['vectors'], 'steps', { perm: [1, 0, 2] }),
        node('Shape', ['input'], 'shape'),
        node('Slice', ['shape', 'zero', 'one', 'zero'], 'batch'),
        node('Concat', ['one', 'batch', 'hidden'], 'state', { axis: 0 }),
        node('ConstantOfShape', ['state'], 'zeros'),
        ...lstm(0, 'steps'),
        ...lstm(1, 'y0'),
        node('Transpose', ['y1'], 'rows', { perm: [1, 0, 2] }),
        node('Transpose', ['linear'], 'matrix', { perm: [1, 0] }),
        node('MatMul', ['rows', 'matrix'], 'product'),
        node('Add', ['bias', 'product'], 'output'),
      ],
      name: 'main_graph',
      initializers: [
        integers('zero', 0),
        integers('one', 1),
        integers('hidden', hidden),
        numbers('table', tokens, width),
        ...[0, 1].flatMap((index) => [
          numbers(`W${index}`, 1, 4 * hidden, index === 0 ? width : hidden),
          numbers(`R${index}`, 1, 4 * hidden, hidden),
          numbers(`B${index}`, 1, 8 * hidden),
        ]),
        numbers('linear', tokens, hidden),
        numbers('bias', tokens),
      ],
      inputs: [describeValue('input', elementTypes.int64, ['batch', 'time'])],
      outputs: [describeValue('output', elementTypes.float32, ['batch', 'time', tokens])],
    },
    opsets: [{ domain: '', version: 14 }],
    metadata: [],
  };
  change(model);
  return encodeModel(model);
}

describe('a model of another program', () => {
  test.each([
    ['a list', ['b', 'the', 'a', '\n', ' ']],
    ['numbers by tokens', { stoi: { '\n': 3, b: 0, a: 2, the: 1, ' ': 4 } }],
    ['tokens by numbers', { itos: { 0: 'b', 1: 'the', 2: 'a', 3: '\n', 4: ' ' } }],
  ])('the vocabulary is %s', async (_, vocabulary) => {
    const read = readOnnx(otherModel(), JSON.stringify(vocabulary));
    // What the network has no token for comes first, and longer tokens last.
    expect(read.tokenizer.symbols).toEqual(['', 'b', 'a', '\n', ' ', 'the']);
    expect(read.tokenizer.kind).toBe('words');
    expect(read.architecture).toEqual({
      embedding: 3,
      layers: [
        { cell: 'LSTM', hidden: 4 },
        { cell: 'LSTM', hidden: 4 },
      ],
      tied: false,
    });
    const tokens = [1, 0, 2, 4, 3, 1];
    const place = [1, 5, 2, 3, 4];
    const runtime = await Runtime.open(otherModel());
    const { output } = await runtime.run({ input: tokensOf([tokens]) });
    const found = probabilities(engine, built(read), [tokens.map((token) => place[token])]);
    for (let step = 0; step < tokens.length; step++) {
      const logits = output.data.subarray(step * 5, (step + 1) * 5);
      const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
      for (const [token, logit] of logits.entries())
        expect(Math.abs(found[step * 6 + place[token]] - Math.exp(logit) / sum)).toBeLessThan(1e-5);
      expect(found[step * 6]).toBeLessThan(1e-5);
    }
    await runtime.close();
  });

  const list = JSON.stringify(['', 'a', 'b', 'c', 'd']);
  const lstm = (model: Model, index = 0) =>
    model.graph!.nodes.filter(({ operator }) => operator === 'LSTM')[index];
  const problems: [string, (model: Model) => unknown, string | null, string][] = [
    ['no vocabulary', () => {}, null, 'put a `vocabulary.json` beside it'],
    ['a vocabulary of another model', () => {}, '["","a","b"]', 'and its vocabulary has 3'],
    ['a vocabulary that is none', () => {}, '{"a":{"b":3}}', 'The vocabulary holds no tokens'],
    ['a vocabulary that is not JSON', () => {}, 'a\nb', 'The vocabulary is not JSON'],
    ['a token twice', () => {}, '["","a","b","a","c"]', 'has the token "a" twice'],
    ['no characters', () => {}, '["","an","bn","cn","dn"]', 'has no single characters'],
    [
      'bidirectional',
      (m) => void lstm(m).attributes.push(attributeOf('direction', 'bidirectional')),
      list,
      'is bidirectional',
    ],
    [
      'both ways',
      (m) => void lstm(m).attributes.push(attributeOf('direction', 'reverse')),
      list,
      'some backward',
    ],
    ['lengths', (m) => lstm(m).inputs.splice(4, 1, 'batch'), list, '(`sequence_lens`)'],
    [
      'an activation with a step',
      (m) => void lstm(m).attributes.push(attributeOf('activations', ['Sigmoid', 'ThresholdedRelu', 'Tanh'])),
      list,
      'The activation "ThresholdedRelu" cannot be said',
    ],
    [
      'computed weights',
      (m) => lstm(m).inputs.splice(1, 1, 'steps'),
      list,
      'that are computed or given by the caller',
    ],
    [
      'weights in another file',
      (m) => Object.assign(m.graph!.initializers[3], { location: 1 }),
      list,
      'are in a file beside the ONNX file',
    ],
    [
      'half precision',
      (m) => Object.assign(m.graph!.initializers[3], { type: elementTypes.float16 }),
      list,
      'convert the model to 32-bit',
    ],
    [
      'weights cut off',
      (m) => Object.assign(m.graph!.initializers[3], { dims: [6, 3] }),
      list,
      'should hold 18 numbers',
    ],
    [
      'weights of another shape',
      (m) => Object.assign(m.graph!.initializers[4], { dims: [1, 3, 16] }),
      list,
      'W should be 1 × 16 × 16 and is 1 × 3 × 16',
    ],
    [
      'no layer',
      (m) => Object.assign(m.graph!, { nodes: m.graph!.nodes.slice(0, 2) }),
      list,
      'no recurrent layer',
    ],
    [
      'something between',
      (m) =>
        Object.assign(m.graph!.nodes.find(({ name }) => name === '/rows')!, {
          operator: 'LayerNormalization',
        }),
      list,
      'LayerNormalization ("/rows") between the recurrent layers and the output',
    ],
    [
      'something below',
      (m) => Object.assign(m.graph!.nodes.find(({ name }) => name === '/steps')!, { operator: 'Conv' }),
      list,
      'Conv ("/steps") below the recurrent layers',
    ],
    ['a circle', (m) => lstm(m, 0).inputs.splice(0, 1, 'y1'), list, 'form a circle'],
    [
      'no output layer',
      (m) => Object.assign(m.graph!, { outputs: [describeValue('Y1', elementTypes.float32, [])] }),
      list,
      'has no output layer',
    ],
  ];
  test.each(problems)('%s', (_, change, vocabulary, sentence) => {
    expect(() => readOnnx(otherModel(change), vocabulary)).toThrow(sentence);
    expect(() => readOnnx(otherModel(change), vocabulary)).toThrow(
      expect.objectContaining({ constructor: expect.objectContaining({ name: 'Problem' }) }),
    );
  });

  test('a file with a vocabulary beside it', () => {
    const files = new MemoryFiles();
    files.makeDirectory('/models');
    expect(() => readOnnxFile(files, '/models/a.onnx')).toThrow('/models/a.onnx is not there.');
    files.write('/models/a.onnx', [otherModel()]);
    expect(() => readOnnxFile(files, '/models/a.onnx')).toThrow('put a `vocabulary.json` beside it');
    files.write('/models/vocabulary.json', [new TextEncoder().encode(list)]);
    expect(readOnnxFile(files, '/models/a.onnx').tokenizer.symbols).toEqual(JSON.parse(list));
    expect(() => readOnnxFile(files, '/models')).toThrow('/models cannot be read: ');
  });

  test('a damaged file', () => {
    const bytes = otherModel();
    const next = random(11);
    for (const end of [0, 1, 10, 200, bytes.length - 3])
      expect(() => readOnnx(bytes.subarray(0, end), list)).toThrow(
        'This is not an ONNX file, or it is damaged.',
      );
    expect(readOnnx(bytes, list).tokenizer.size).toBe(5);
    let refused = 0;
    for (let trial = 0; trial < 300; trial++) {
      const damaged = bytes.slice();
      for (let i = 0; i < 3; i++) damaged[Math.floor(next() * 700)] = Math.floor(next() * 256);
      try {
        readOnnx(damaged, list);
      } catch (error) {
        expect((error as Error).constructor.name).toBe('Problem');
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(30);
  });
});
