// Encoder-decoders are trained through runs and exported as ONNX: greedy decoding in ONNX Runtime writes what it writes
// here, and so does the script of the folder, in Python.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { beamSearch } from '../../src/completion/decoding/beamSearch.ts';
import { boundaryOf, decodeTarget, encodeSource } from '../../src/data/pairs/pairs.ts';
import { readOnnxFile } from '../../src/export/onnx/readOnnxFile.ts';
import { publicFiles } from '../../src/platform/node/files.ts';
import { nodePlatform } from '../../src/platform/node/platform.ts';
import { readEncoderDecoder } from '../../src/store/modelFolder.ts';
import { decoderOf } from '../../src/tasks/encoderDecoder/decode.ts';
import { openEncoderDecoder } from '../../src/tasks/encoderDecoder/open.ts';
import { Controls } from '../../src/training/controls.ts';
import { exportFormats } from '../../src/worker/exchange/exportFormats.ts';
import { run } from '../../src/worker/run.ts';
import { RuntimePair } from '../export/encoderDecoders.ts';
import { readKernels } from '../kernels/modules.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { many, pairs, sized } from './tasks.ts';
import { trainRequest } from './trained.ts';

const folder = temporaryFolder('export-pairs');
const platform = nodePlatform(join(import.meta.dirname, '../../out'));
const silent = { started() {}, paused() {}, resumed() {}, progress() {}, saved() {}, ended() {} };
const python = spawnSync('python3', ['-c', 'import onnxruntime']).status === 0;
let engine: Engine;
beforeAll(async () => {
  engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
});

const named = { kind: 'encoder-decoder', reads: null, writes: null, heldOut: null } as const;
const rewriting = { ...named, reads: ['text'], writes: 'short' };
const cases = {
  DecoderGRU: {
    text: pairs,
    task: rewriting,
    encoder: 'GRU 8',
    layers: 'DecoderGRU 8',
    sources: 'characters',
  },
  AdditiveAttention: {
    text: pairs,
    task: rewriting,
    encoder: 'both GRU 6',
    layers: 'AdditiveAttention 8, LSTM 8',
    sources: 'characters',
  },
  'of a category': {
    text: many,
    task: { ...named, reads: ['kind'], writes: 'name' },
    encoder: null,
    layers: 'DecoderLSTM 8',
    sources: 'category',
  },
  'of numbers': { text: sized, task: named, encoder: null, layers: 'DecoderGRU 8', sources: 'numbers' },
} as const;

describe.each(Object.entries(cases))('%s', (name, { text, task, encoder, layers, sources }) => {
  const [directory, to] = [join(folder, name), join(folder, `${name}-onnx`)];
  beforeAll(async () => {
    const settings = {
      ...(encoder && { 'model.encoder': encoder }),
      'model.layers': layers,
      'model.embedding': 6,
      'train.epochs': 3,
      'train.batch': 8,
    };
    await run(trainRequest(text, directory, settings, { task }), platform, Controls.none(), silent);
    const from = { files: platform.files, directory };
    exportFormats.onnx(from, { files: publicFiles, directory: to }, () => new Map());
  });
  const texts = { characters: ['abc', 'xddba', 'b'], category: ['with'], numbers: ['2.5\t3'] }[sources];

  test('greedy decoding', async () => {
    const about = JSON.parse(readFileSync(join(to, 'vocabulary.json'), 'utf8'));
    expect(about).toMatchObject({ task: 'encoder-decoder', sources: { kind: sources } });
    const model = (name: string) => readFileSync(join(to, `${name}_model.onnx`));
    const runtime = await RuntimePair.open(model('encoder'), model('decoder'), about);
    const stored = readEncoderDecoder(platform.files, directory);
    const { source, target } = stored.vocabularies;
    const predictor = engine.predictTarget(stored.architecture, stored.weights);
    const { longest } = about;
    const boundary = boundaryOf(target);
    for (const text of texts) {
      const { read } = encodeSource(source, text);
      const begun = await runtime.encode(
        read instanceof Int32Array
          ? { tokens: { dims: [1, read.length], data: BigInt64Array.from(read, BigInt) } }
          : { numbers: { dims: [1, 1, read.length], data: read } },
      );
      const written: number[] = [];
      let { state } = begun;
      for (let token = boundary; written.length < longest; written.push(token)) {
        const next = await runtime.next(begun.encoded, state, [token]);
        ({ state } = next);
        const [, ...known] = next.logProbabilities;
        token = 1 + known.indexOf(Math.max(...known));
        if (token === boundary) break;
      }
      const decoder = decoderOf(predictor, predictor.encode(read), boundary);
      const [greedy] = beamSearch(decoder, { width: 1, longest, lengthExponent: 0 });
      expect(decodeTarget(target, written)).toBe(decodeTarget(target, greedy.tokens));
    }
    predictor.dispose();
    await runtime.close();
  });

  test.skipIf(!python)('rewrite.py (skipped where python3 has no onnxruntime)', () => {
    const said = spawnSync('python3', ['rewrite.py', ...texts], { cwd: to, encoding: 'utf8' });
    expect(said.stderr).toBe('');
    const lines = said.stdout.split('\n').slice(0, -1);
    expect(lines).toHaveLength(texts.length);
    if (sources === 'characters') {
      const { pairs, ...stored } = readEncoderDecoder(platform.files, directory);
      const opened = openEncoderDecoder(engine, { ...stored, longest: pairs.longest });
      const here = texts.map((text) => opened.rewrite(text, { alternatives: false }).rewritings[0].text);
      expect(lines).toEqual(here);
      opened.dispose();
    } else {
      const { status, stderr } = spawnSync('python3', ['rewrite.py', 'none'], { cwd: to, encoding: 'utf8' });
      expect(status).toBe(1);
      expect(stderr).toMatch(/^none is none of what this model writes texts for: (with(out)?, |2 numbers)/);
    }
  });

  test('README.md names what the files hold, and no such file comes back', () => {
    const readme = readFileSync(join(to, 'README.md'), 'utf8');
    for (const file of readdirSync(to).filter((each) => each !== 'README.md')) expect(readme).toContain(file);
    expect(() => readOnnxFile(publicFiles, join(to, 'encoder_model.onnx'))).toThrow(
      'a model whose task is encoder-decoder. Only language models are imported',
    );
  });
});
