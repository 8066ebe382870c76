// Tests the built inspector in a thread of its own, as the host runs it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { InspectorClient } from '../../../src/editor/workers/inspectorClient.ts';
import type { Passage } from '../../../src/protocol/inspector.ts';
import { start, trained } from '../../worker/trained.ts';

const line = 'say("red", 10);\n';
const text = line.repeat(200);
let reference: { model: string; revision: string };
let client: InspectorClient;

beforeAll(async () => {
  const settings = { 'model.layers': 'GRU 16', 'train.learningRate': 0.02, 'train.epochs': 8 };
  reference = { model: await trained(text, settings), revision: '1' };
});

afterAll(() => rmSync(reference.model, { recursive: true }));
beforeEach(() => {
  client = new InspectorClient(start('inspector'));
});
afterEach(() => client.dispose());

const live = () => new AbortController().signal;
const passage = (of: string, from = 0, to = of.length): Passage => ({ key: 'a', text: of, from, to });

test.each([false, true])(
  'a slip surprises, and what was expected is named; of the ensemble: %s',
  async (ensemble) => {
    const wrong = `${line}${line}say("rex", 10);\n`;
    const request = { kind: 'surprise', ...reference, ensemble } as const;
    const spans = (await client.ask({ ...request, passage: passage(wrong) }, live()))!;
    const slip = wrong.indexOf('x');
    expect([...spans.offsets]).toEqual(Array.from({ length: wrong.length + 1 }, (_, at) => at));
    expect(spans.bits[slip]).toBeGreaterThan(4);
    expect(spans.bits[slip - 1]).toBeLessThan(1);
    const first = 5 * slip;
    expect(spans.texts[spans.expected[first]]).toBe('d');
    expect(spans.probabilities[first]).toBeGreaterThan(0.5);
    // A part of it, with the rest read before, gives the same.
    const part = (await client.ask({ ...request, passage: passage(wrong, slip, slip + 3) }, live()))!;
    expect([...part.offsets]).toEqual([slip, slip + 1, slip + 2, slip + 3]);
    expect(part.bits[0]).toBe(spans.bits[slip]);
  },
);

test('units are ranked, and their activations are between the limits of their scale', async () => {
  const units = (await client.ask({ kind: 'units', ...reference, text: text.slice(0, 800) }, live()))!;
  expect(units).toHaveLength(16);
  expect(units[0]).toMatchObject({ layer: 1, state: 'h', best: true });
  expect(Math.abs(units[0].correlation)).toBeGreaterThan(0.5);
  const { index: unit, scale } = units[0];
  const request = { kind: 'activations', ...reference, unit, passage: passage(text.slice(0, 400)) } as const;
  const { activations } = (await client.ask(request, live()))!;
  expect(activations).toHaveLength(400);
  for (const activation of activations) expect(Math.abs(activation)).toBeLessThanOrEqual(scale + 1e-6);
  expect(new Set(activations).size).toBeGreaterThan(10);
});

test('generates by seed, streams it, and says how much of it is quoted', async () => {
  const request = {
    kind: 'generate',
    ...reference,
    prompt: line,
    length: 200,
    temperature: 0,
    topK: 0,
    topP: 1,
    seed: 1,
  } as const;
  const write = async (temperature: number, seed: number) => {
    let written = '';
    const generated = (await client.ask({ ...request, temperature, seed }, live(), (more) => {
      written += more;
    }))!;
    return { written, ...generated };
  };
  const sure = await write(0, 1);
  expect(sure.written).toBe(line.repeat(13).slice(0, 200));
  expect(sure).toMatchObject({ length: 200, quoted: [1, 1], longestQuote: 200, compared: text.length });
  const bold = await write(3, 1);
  expect((await write(3, 1)).written).toBe(bold.written);
  expect((await write(3, 2)).written).not.toBe(bold.written);
  expect(bold.quoted[0]).toBeLessThan(0.5);
});

test('cancelled, it writes no more and answers the next request', async () => {
  const abort = new AbortController();
  const request = {
    kind: 'generate',
    ...reference,
    prompt: '',
    temperature: 1,
    topK: 0,
    topP: 1,
    seed: 1,
  } as const;
  // This is far more than anyone waits for.
  const endless = client.ask({ ...request, length: 1e9 }, abort.signal, () => abort.abort());
  const next = client.ask({ ...request, length: 10 }, live());
  expect(await endless).toBeNull();
  expect(await next).toMatchObject({ length: 10 });
  expect(await client.ask({ ...request, length: 10 }, abort.signal)).toBeNull();
});

test('says what computes', async () => {
  const diagnosis = (await client.ask({ kind: 'diagnose' }, live()))!;
  expect(diagnosis).toMatchObject({
    engine: 'unroll',
    build: expect.stringMatching(/^(relaxed|simd|single)$/),
  });
  expect(diagnosis.tokensPerSecond).toBeGreaterThan(0);
});

test('a model that is not there is a failure with a sentence, and the next request works', async () => {
  const none = { model: join(reference.model, 'none'), revision: '1' };
  await expect(client.ask({ kind: 'units', ...none, text: 'a' }, live())).rejects.toThrow(
    'no whole Unroll model',
  );
  expect(await client.ask({ kind: 'units', ...reference, text: 'a' }, live())).toHaveLength(16);
});

test('a worker that cannot be loaded fails every request, and does not hang', async () => {
  const broken = new InspectorClient(start('none'));
  await expect(broken.ask({ kind: 'diagnose' }, live())).rejects.toThrow('inspector');
  await expect(broken.ask({ kind: 'diagnose' }, live())).rejects.toThrow('inspector');
});
