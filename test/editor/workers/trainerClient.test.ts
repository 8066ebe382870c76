// Tests the built training worker, as a thread and as a process of its own.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type RunEvent,
  startTrainer,
  type TrainerClient,
} from '../../../src/editor/workers/trainerClient.ts';
import { nodeFiles } from '../../../src/platform/node/files.ts';
import { startProcess, startThread, trainerOptions } from '../../../src/platform/node/startWorker.ts';
import type { StartWorker } from '../../../src/protocol/port.ts';
import type { TrainerRequest, TrainRequest } from '../../../src/protocol/trainer.ts';
import { readManifest, readModel, readRun } from '../../../src/store/modelFolder.ts';
import { script, start } from '../../worker/trained.ts';

let directory: string;
let startHere: StartWorker;
const starts: Readonly<Record<string, (name: string) => StartWorker>> = {
  thread: start,
  process: (name) => () => startProcess(script(name), trainerOptions),
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'unroll-run-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const text = 'A line of a log, number 12, says that all is well.\n'.repeat(60);

const small = {
  'model.layers': 'GRU 8',
  'train.k1': 10,
  'train.k2': 10,
  'train.batch': 4,
  'train.decay': 'none',
};

function request(more: Partial<TrainRequest> = {}): TrainRequest {
  return {
    documents: [text],
    source: 'a.log',
    title: 'a.log',
    uri: 'file:///a.log',
    pattern: null,
    remarks: [],
    languageId: 'log',
    directory,
    settings: { ...small, 'train.seconds': null, 'train.epochs': 2 },
    definition: null,
    cell: null,
    ...more,
  };
}

/** Trains to the end and returns all messages to the host. `on` may act on a message. */
async function run(asked: TrainRequest, on?: Act): Promise<RunEvent[]> {
  return obey({ type: 'train', request: asked }, on);
}

type Act = (message: RunEvent, client: TrainerClient) => void;

async function obey(asked: TrainerRequest, on: Act = () => {}): Promise<RunEvent[]> {
  const heard: RunEvent[] = [];
  const client: TrainerClient = startTrainer(startHere, asked, (message) => {
    heard.push(message);
    on(message, client);
    if (message.type === 'done') client.close();
  });
  await client.ended;
  return heard;
}

const last = (heard: RunEvent[]) => heard.at(-1)!;

describe.each(Object.entries(starts))('as a %s', (_, startAs) => {
  beforeEach(() => {
    startHere = startAs('trainer');
  });

  test('a run says that it started, how it goes and that it is done; the model is on disk', async () => {
    const heard = await run(request());
    expect(heard[0].type).toBe('started');
    expect(last(heard).type).toBe('done');
    const steps = heard.flatMap((message) => (message.type === 'progress' ? message.points.steps : []));
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: steps.length }, (_, i) => i + 1));
    const [written] = heard
      .flatMap((message) => (message.type === 'progress' ? message.points.samples : []))
      .slice(-1);
    expect(written.text).toHaveLength(240);
    expect([...written.text].filter((character) => !text.includes(character))).toEqual([]);
    const { manifest } = readModel(nodeFiles, directory);
    expect(manifest).toMatchObject({
      cells: { GRU: expect.stringContaining('cell GRU') },
      provenance: { source: 'a.log', languageId: 'log' },
    });
    const history = readRun(nodeFiles, directory).earlier.history;
    expect(history.status.kind).toBe('ended');
    expect(history.points.steps).toHaveLength(steps.length);
  });

  test('the same seed gives the same run, another seed another one', async () => {
    const losses = async (seed: number) =>
      (await run(request({ settings: { ...request().settings, 'train.seed': seed } }))).flatMap((message) =>
        message.type === 'progress' ? message.points.steps.map(({ loss }) => loss) : [],
      );
    const first = await losses(1);
    expect(await losses(1)).toEqual(first);
    expect(await losses(2)).not.toEqual(first);
  });

  test('stopped, it ends and keeps what it has learned', async () => {
    const heard = await run(request({ settings: { ...small, 'train.seconds': 1000 } }), (message, client) => {
      if (message.type === 'progress' && message.progress.step >= 5) client.send({ type: 'stop' });
    });
    expect(last(heard)).toMatchObject({ type: 'done', result: { end: 'stopped' } });
    expect(readModel(nodeFiles, directory).manifest.step).toBeGreaterThan(0);
  });

  test('killed in the middle, it has failed with a sentence, and the next run works', async () => {
    const heard = await run(request({ settings: { ...small, 'train.seconds': 1000 } }), (message, client) => {
      if (message.type === 'progress') void client.kill();
    });
    expect(last(heard)).toMatchObject({
      type: 'failed',
      message: expect.stringMatching(/ended unexpectedly/),
    });
    expect(heard.filter(({ type }) => type === 'failed' || type === 'done')).toHaveLength(1);
    expect(last(await run(request())).type).toBe('done');
  });

  test('failed after a checkpoint, it is one that failed on disk, too', async () => {
    let paused = false;
    const heard = await run(request({ settings: { ...small, 'train.seconds': 1000 } }), (message, client) => {
      // A pause writes a checkpoint; no training survives the learning rate that follows.
      if (message.type === 'progress' && message.points.validations.length > 0 && !paused) {
        paused = true;
        client.send({ type: 'pause' });
      }
      if (message.type !== 'paused') return;
      client.send({ type: 'learningRate', value: 1e30 });
      client.send({ type: 'resume' });
    });
    const failure = { kind: 'failed', message: expect.stringMatching(/keeps diverging/) };
    expect(last(heard)).toMatchObject({ type: 'failed', message: failure.message });
    const history = readRun(nodeFiles, directory).earlier.history;
    expect(history.status).toEqual(failure);
    expect(history.points.steps.length).toBeGreaterThan(0);
    expect(readModel(nodeFiles, directory).manifest).toMatchObject({ finished: false });
  });

  test('a network that leaves the numbers only where it reads on for long ends its run with a note, and its model is kept', async () => {
    // 1.5 to the power of 219 is infinite in 32 bits, and 0 times infinity is no number. A stream of the
    // training is shorter than that; the sampled text and the text that the mixture is learned on are longer.
    const definition = 'cell Late\n  c[t] = 1.5 * c[t-1] + 1\n  h[t] = tanh(W x[t] + U h[t-1]) + 0 * c[t]\n';
    const settings = { ...request().settings, 'train.batch': 16, 'model.layers': 'Late 8' };
    const heard = await run(request({ definition, settings }));
    expect(last(heard).type).toBe('done');
    const notes = heard.flatMap((message) => (message.type === 'progress' ? message.points.notes : []));
    expect(notes.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^The network predicts nothing here/),
    );
    expect(readModel(nodeFiles, directory)).toMatchObject({ manifest: { finished: true }, mixture: null });
  });

  test('a cell that leaves the numbers at once ends its run with a sentence about the cell', async () => {
    const definition = 'cell Boom\n  h[t] = exp(exp(exp(10 + W x[t])))\n';
    const settings = { ...request().settings, 'model.layers': 'Boom 8' };
    expect(last(await run(request({ definition, settings })))).toMatchObject({
      type: 'failed',
      message: expect.stringMatching(/^The training diverges at once: .* in range with tanh/),
    });
  });

  test('killed after a checkpoint, the checkpoint stays', async () => {
    await run(request({ settings: { ...small, 'train.seconds': 1000 } }), (message, client) => {
      if (message.type === 'saved') void client.kill();
    });
    expect(readModel(nodeFiles, directory).manifest.step).toBeGreaterThan(0);
  });

  describe('what cannot be trained is said in a sentence, and nothing is written', () => {
    test.each<[string, Partial<TrainRequest>, RegExp]>([
      ['a tiny text', { documents: ['hello'] }, /too little text/],
      ['a binary file', { documents: ['\0'.repeat(5000)] }, /binary/],
      [
        'a setting out of range',
        { settings: { 'train.k1': -3 } },
        /In the setting `unroll\.train\.k1`: `k1` is a whole number/,
      ],
      [
        'a setting of the wrong type',
        { settings: { 'model.tokens': 'auto', 'model.layers': 5 } },
        /^In the setting `unroll\.model\.layers`: A layer is the name of a cell/,
      ],
      ['a cell that does not exist', { settings: { 'model.layers': 'LTSM 8' } }, /LSTM/],
      ['more steps than tokens', { settings: { 'train.k2': 10000 } }, /too few for 10000 steps/],
      ['no end', { settings: { 'train.seconds': null } }, /never end/],
      ['a mistake in a cell', { definition: 'cell C\n  h[t] = tanh(W z[t])\n' }, /line 2/],
    ])('%s', async (_, more, sentence) => {
      const heard = await run(request(more));
      expect(heard).toHaveLength(1);
      expect(heard[0]).toMatchObject({ type: 'failed', message: expect.stringMatching(sentence) });
      expect(existsSync(join(directory, 'model.json'))).toBe(false);
    });
  });

  test.each([
    ['GRU 8', 0],
    // The network has more than 3 · 820² parameters.
    ['GRU 820', 1],
  ])(
    '%s: a network is looked into, or it is said that it is too large for that',
    async (layers, sentences) => {
      const settings = { ...small, 'model.layers': layers, 'train.seconds': 1000 };
      const heard = await run(request({ settings }), (message, client) => {
        if (message.type === 'progress' && message.points.validations.length > 0) void client.kill();
      });
      const remarks = heard.flatMap((message) => (message.type === 'started' ? message.start.remarks : []));
      expect(
        remarks.filter((each) => /more than two million numbers: its gradient by lag/.test(each)).length,
      ).toBe(sentences);
      const probes = heard.flatMap((message) => (message.type === 'progress' ? message.points.probes : []));
      expect(probes.length > 0).toBe(sentences === 0);
    },
  );

  describe('what is asked of a run while it lasts', () => {
    const losses = (heard: RunEvent[]) =>
      heard.flatMap((message) =>
        message.type === 'progress' ? message.points.steps.map(({ loss }) => loss) : [],
      );

    test('paused, resumed and extended, it learns the same as without', async () => {
      const twice = { ...small, 'train.seconds': null, 'train.epochs': 4 };
      const straight = losses(await run(request({ settings: twice })));
      let extended = false;
      const heard = await run(request(), (message, client) => {
        if (message.type === 'started') client.send({ type: 'pause' });
        if (message.type === 'paused') client.send({ type: 'resume' });
        if (message.type !== 'done' || extended) return;
        extended = true;
        client.send({ type: 'extend' });
      });
      expect(heard.map(({ type }) => type).filter((type) => /^(paused|resumed|done)$/.test(type))).toEqual([
        'paused',
        'resumed',
        'done',
        'resumed',
        'done',
      ]);
      expect(losses(heard)).toEqual(straight);
    });

    test('rewound, it goes the same way again', async () => {
      let rewound = false;
      const heard = await run(request(), (message, client) => {
        if (message.type !== 'progress' || rewound) return;
        rewound = true;
        client.send({ type: 'rewind' });
      });
      const again = heard.map(({ type }) => type).lastIndexOf('started');
      expect(again).toBeGreaterThan(0);
      expect(losses(heard.slice(again))).toEqual(losses(await run(request())));
    });
  });

  describe('a run on disk goes on in another worker', () => {
    const goOn: () => TrainerRequest = () => ({ type: 'continue', request: { directory, settings: {} } });
    const steps = (heard: RunEvent[]) =>
      heard.flatMap((message) => (message.type === 'progress' ? message.points.steps : []));
    const notes = (heard: RunEvent[]) =>
      heard.flatMap((message) => (message.type === 'progress' ? message.points.notes : []));

    test('that has ended: by its budget once more, as if it had never ended', async () => {
      const straight = steps(
        await run(request({ settings: { ...small, 'train.seconds': null, 'train.epochs': 4 } })),
      );
      await run(request());
      const heard = await obey(goOn());
      expect(last(heard)).toMatchObject({ type: 'done', result: { end: 'budget', steps: straight.length } });
      const numbers = (of: typeof straight) =>
        of.map(({ step, loss, gradientNorm }) => [step, loss, gradientNorm]);
      expect(numbers(steps(heard))).toEqual(numbers(straight));
      expect(notes(heard)).toEqual([{ step: straight.length / 2, text: 'Continued.' }]);
      expect(readModel(nodeFiles, directory).manifest).toMatchObject({ finished: true });
    });

    test('that was cut short: from its checkpoint, with all that was known then', async () => {
      await run(request({ settings: { ...small, 'train.seconds': 1000 } }), (message, client) => {
        if (message.type === 'saved') void client.kill();
      });
      expect(readModel(nodeFiles, directory).manifest).toMatchObject({ finished: false });
      const heard = await obey(goOn(), (message, client) => {
        if (message.type === 'progress' && message.points.notes.length > 0) client.send({ type: 'stop' });
      });
      const [{ step: from }] = notes(heard);
      const numbers = steps(heard).map(({ step }) => step);
      expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => i + 1));
      expect(numbers.length).toBeGreaterThan(from);
      expect(last(heard)).toMatchObject({ type: 'done', result: { end: 'stopped' } });
    });

    test('without a checkpoint it is said that it cannot', async () => {
      await run(request());
      rmSync(join(directory, readManifest(nodeFiles, directory).checkpoint!));
      expect(await obey(goOn())).toMatchObject([
        {
          type: 'failed',
          message: expect.stringMatching(/checkpoint-[0-9a-f]+.safetensors is missing. Train/),
        },
      ]);
    });
  });

  test('a worker that cannot be loaded is a failure with a sentence', async () => {
    const heard: RunEvent[] = [];
    const asked: TrainerRequest = { type: 'train', request: request() };
    await startTrainer(startAs('none'), asked, (message) => heard.push(message)).ended;
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({
      type: 'failed',
      message: expect.stringMatching(/(failed|could not be started): Cannot find module/),
    });
  });
});

test('a process gives the same run as a thread', async () => {
  const losses = async (startAs: (name: string) => StartWorker) => {
    startHere = startAs('trainer');
    return (await run(request())).flatMap((event) =>
      event.type === 'progress' ? event.points.steps.map(({ loss }) => loss) : [],
    );
  };
  expect(await losses(starts.process)).toEqual(await losses(starts.thread));
});

const hungry = join(import.meta.dirname, '../../platform/hungry.ts');
test.each<[string, StartWorker]>([
  ['thread', () => startThread(hungry, { maxOldGenerationSizeMb: 8 })],
  ['process', () => startProcess(hungry, ['--max-old-space-size=8'])],
])('a %s that runs out of memory says so in the same sentence', async (_, start) => {
  startHere = start;
  expect(await run(request())).toMatchObject([
    {
      type: 'failed',
      message: 'The training ran out of memory. Try fewer hidden units, a smaller batch or a shorter text.',
    },
  ]);
});
