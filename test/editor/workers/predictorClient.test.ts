// Tests the built prediction worker in a thread of its own, as the host runs it.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PredictorClient } from '../../../src/editor/workers/predictorClient.ts';
import { counted, type SuggestRequest } from '../../../src/protocol/predictor.ts';
import { start, trained } from '../../worker/trained.ts';

const text = 'red green blue\n'.repeat(200);
/** A suggestion goes over the end of one line, and not beyond the next. */
const rest = 'blue\nred green blue';
let model: string;
let client: PredictorClient;
let times: number[];

beforeAll(async () => {
  model = await trained(text, { 'model.layers': 'GRU 16', 'train.learningRate': 0.02, 'train.epochs': 4 });
});

afterAll(() => rmSync(model, { recursive: true }));
beforeEach(() => {
  times = [];
  client = new PredictorClient(start('predictor'), { suggested: (time) => times.push(time) });
});
afterEach(() => client.dispose());

const request = (more: Partial<SuggestRequest> = {}): SuggestRequest => ({
  model,
  revision: 'any',
  document: 'a',
  offset: 0,
  before: 'red green blue\nred gr',
  after: '',
  typed: 0,
  confidence: 0.3,
  reading: 0,
  maxLength: 60,
  count: 1,
  ...more,
});

const live = () => new AbortController().signal;

test('suggests what the text goes on with', async () => {
  expect(await client.suggest(request(), live())).toMatchObject([{ text: `een ${rest}` }]);
  expect(await client.suggest(request({ before: 'red green blue\nred green b' }), live())).toMatchObject([
    { text: rest.slice(1) },
  ]);
});

test('every request is answered once, also when many come at once', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.suggest(request(), live())));
  expect(answers.map((answer) => answer?.[0].text)).toEqual(Array(20).fill(`een ${rest}`));
  expect(times).toHaveLength(20);
});

test('a cancelled request resolves to nothing and computes nothing more', async () => {
  const abort = new AbortController();
  const long = client.suggest(request({ before: text.repeat(200) }), abort.signal);
  const next = client.suggest(request(), live());
  abort.abort();
  expect(await long).toBeNull();
  expect(await next).toMatchObject([{ text: `een ${rest}` }]);
  expect(await client.suggest(request(), abort.signal)).toBeNull();
});

test('a model that is opened ahead needs no reading at its first suggestion', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'unroll-model-'));
  cpSync(model, copy, { recursive: true });
  client.open({ model: copy, revision: 'any' });
  client.open({ model: join(copy, 'missing'), revision: 'any' });
  // The worker answers in the order in which it is asked.
  await client.suggest(request(), live());
  rmSync(copy, { recursive: true });
  expect(await client.suggest(request({ model: copy }), live())).toMatchObject([{ text: `een ${rest}` }]);
});

test('what was typed is known again, when its text is opened in another window', async () => {
  const names = ['reed', 'lee', 'ned', 'bell', 'gell', 'ulee', 'bulle', 'dell', 'green', 'run'];
  const fresh = names.flatMap((a) => names.map((b) => `${a} ${b} bell under bed\n`)).join('');
  const before = `${fresh}blue bell u`;
  // The text that was trained on makes it less likely, so it need not come first.
  const isAmong = async (of: PredictorClient, more: Partial<SuggestRequest>) =>
    (await of.suggest(request({ count: 4, ...more }), live()))!.some(({ text }) => text.startsWith('nder'));
  expect(await isAmong(client, { before, typed: before.length })).toBe(true);
  const another = new PredictorClient(start('predictor'), { suggested() {} });
  expect(await isAmong(another, { before: 'blue bell u', document: 'unknown' })).toBe(false);
  another.know({ model, revision: 'any', text: fresh });
  expect(await isAmong(another, { before: 'blue bell u', document: 'known' })).toBe(true);
  another.dispose();
});

describe('a text that is counted', () => {
  const asked = (more: Partial<SuggestRequest> = {}) => request({ model: 'a', revision: counted, ...more });
  const expected = [{ text: `een ${rest}` }];

  test('is suggested from without any model', async () => {
    client.count({ model: 'a', documents: [text.slice(0, 1500), text.slice(0, 1500)] });
    expect(await client.suggest(asked(), live())).toMatchObject(expected);
  });

  test('is asked for where the worker does not have it', async () => {
    let times = 0;
    const documents = async () => {
      times++;
      return [text];
    };
    expect(await client.suggest(asked(), live())).toBeNull();
    expect(await client.suggest(asked(), live(), documents)).toMatchObject(expected);
    expect(await client.suggest(asked(), live(), documents)).toMatchObject(expected);
    expect(times).toBe(1);
  });

  test('is counted whole after its end, and the worker says when', async () => {
    const first = 'once upon a time there was a wolf\n'.repeat(30);
    const read = new Promise((resolve) => client.onDidRead(resolve));
    client.count({ model: 'a', documents: [first + text.repeat(40)] });
    const further = asked({ before: 'once upon a ti', document: 'b' });
    // The end alone does not know how such a line goes on.
    expect((await client.suggest(further, live()))?.[0]?.text ?? '').not.toMatch(/^me there/);
    await read;
    expect((await client.suggest(further, live()))?.[0]?.text).toMatch(/^me there/);
  });

  test('gives way to the model that was trained on it', async () => {
    client.count({ model, documents: [text] });
    expect(await client.suggest(request({ revision: counted }), live())).toMatchObject(expected);
    expect(await client.suggest(request(), live())).toMatchObject(expected);
    expect(await client.suggest(request({ revision: counted }), live())).toMatchObject(expected);
  });
});

test('a model that is not there is a failure with a sentence, and the next request works', async () => {
  await expect(client.suggest(request({ model: join(model, 'none') }), live())).rejects.toThrow(
    'no whole Unroll model',
  );
  expect(await client.suggest(request(), live())).toMatchObject([{ text: `een ${rest}` }]);
});

test('a worker that cannot be loaded fails every request, and does not hang', async () => {
  const broken = new PredictorClient(start('none'), { suggested() {} });
  await expect(broken.suggest(request(), live())).rejects.toThrow('prediction worker');
  await expect(broken.suggest(request(), live())).rejects.toThrow('prediction worker');
});
