// The editor describes runs and models by the metric that they are judged by.
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createStatusBarItem } from '../../../src/editor/inlineCompletion/statusBar.ts';
import { Choices } from '../../../src/editor/models/choices.ts';
import { Models } from '../../../src/editor/models/models.ts';
import { Overlay } from '../../../src/editor/panel/overlay.ts';
import { Diary } from '../../../src/editor/report/diary.ts';
import { nodeProcesses } from '../../../src/platform/node/processes.ts';
import { languageModelMeasures } from '../../../src/protocol/metric.ts';
import type { RunSnapshot, RunStart } from '../../../src/protocol/run.ts';
import { TextDocument, Uri } from '../../host/vscode/documents.ts';
import { Extension, judged } from '../../host/vscode/extension.ts';
import { type WrittenModel, writeModel } from '../../host/vscode/model.ts';
import { EventEmitter, type MarkdownString } from '../../host/vscode/values.ts';
import { host, lookAtItems } from '../../host/vscode/window.ts';
import { generation } from '../../store/generation.ts';
import { memento } from '../memento.ts';

let extension: Extension;
beforeEach(async () => {
  extension = await Extension.start();
});
afterEach(() => extension.dispose());

const texts = (place: string) => host.shown.filter((each) => each.place === place).map(({ text }) => text);

function open(text: string): void {
  host.show(new TextDocument(Uri.file(join(extension.workspace, 'a.log')), text));
}

function statusBar(): string {
  lookAtItems();
  return (
    texts('status bar')
      .filter((text) => text !== 'Unroll')
      .at(-1) ?? ''
  );
}

describe('a training', () => {
  test('of a language model is said in bits per character', async () => {
    open('text');
    await host.commands.get('unroll.train')!();
    expect(texts('message')).toEqual([
      'Trained on a.log: 1.00 bits per character on its held-out part after 1 characters. Suggestions appear as you type.',
    ]);
    expect(statusBar()).toBe('Unroll 1.00 bpc');
  });

  test('of a classifier is said in its accuracy', async () => {
    open(`${judged}${JSON.stringify({ none: 0.8 })}`);
    await host.commands.get('unroll.train')!();
    expect(texts('progress')).toContain('accuracy 0.80, 0:01 left');
    expect(texts('message')).toEqual([
      'Trained on a.log: accuracy 0.80 on its held-out part after 1 characters. Suggestions appear as you type.',
    ]);
    expect(statusBar()).toBe('Unroll accuracy 0.80');
  });

  test('is told to the notification once a second, because a screen reader reads out each message', async () => {
    open(`${judged}${JSON.stringify({ none: 0.8 })}`);
    await host.commands.get('unroll.train')!();
    expect(texts('progress')).toEqual(['Training on a.log', 'accuracy 0.80, 0:01 left']);
  });

  test('that starts has an icon that does not spin, because that would keep the window drawing', async () => {
    open('ENDLESS text');
    void host.commands.get('unroll.train')!();
    const icons = () => host.items.filter(({ kind }) => kind === 'status bar').map(({ text }) => text);
    await expect.poll(icons).toContainEqual('$(pulse) Unroll');
  });

  test.each<[string, Partial<RunStart>, string]>([
    ['a language model', {}, '2.00 bpc · 10 tok/s · 0:05 left'],
    [
      'a classifier',
      { lossUnit: 'nats', metric: { name: 'accuracy', unit: '', lowerIsBetter: false } },
      'loss 2.00 · accuracy 0.80 · 10 tok/s · 0:05 left',
    ],
  ])('of %s that is under way has its figures in the status bar', (_, measures, expected) => {
    const { history } = generation();
    const snapshot: RunSnapshot = {
      ...history,
      start: { ...history.start!, ...measures },
      progress: { ...history.progress!, tokensPerSecond: 10, secondsLeft: 5 },
      points: {
        ...history.points,
        steps: [{ step: 1, seconds: 0, loss: 2, gradientNorm: 1, clip: 1 }],
        validations: [{ step: 1, seconds: 3, loss: 2.5, ...(measures.metric ? { metric: 0.8 } : {}) }],
      },
    };
    const updates = new EventEmitter<void>();
    const never = new EventEmitter<void>().event;
    const runs = { snapshot, onDidUpdate: updates.event, onDidDiscard: never };
    const suggestions = { paused: false, summary: '', onDidChange: never };
    const front = { model: undefined, uri: null, onDidChange: never };
    const item = createStatusBarItem(runs as never, suggestions as never, front as never);
    updates.fire();
    expect(host.items.at(-1)!.text).toBe(`$(pulse) ${expected}`);
    // Its figures change once a second of the training.
    const after = (seconds: number) => {
      const { progress } = snapshot;
      runs.snapshot = {
        ...snapshot,
        progress: { ...progress!, seconds: progress!.seconds + seconds, tokensPerSecond: 99 },
      };
      updates.fire();
      return host.items.at(-1)!.text;
    };
    expect(after(0)).toBe(`$(pulse) ${expected}`);
    expect(after(1)).toBe(`$(pulse) ${expected.replace('10 tok', '99 tok')}`);
    item.dispose();
  });

  test('of several cells names the one with the highest accuracy', async () => {
    const compared = ['LSTM', 'GRU', 'Elman'];
    open(`${judged}${JSON.stringify({ LSTM: 0.7, GRU: 0.9, Elman: 0.8 })}`);
    host.answers = {
      input: (value) => value,
      pick: (items) => items.filter((item) => compared.includes((item as { label: string }).label)),
      open: () => undefined,
      action: () => undefined,
      edit: () => true,
    };
    await host.commands.get('unroll.compareCells')!();
    expect(texts('message').at(-1)).toMatch(/^Compared 3 cells: the best is .*GRU, with accuracy 0\.90\.$/);
  });
});

const accuracy = (value: number | null) => ({ name: 'accuracy', unit: '', lowerIsBetter: false, value });

/** Writes models, the oldest first. */
function write(models: Readonly<Record<string, WrittenModel['fields']>>): void {
  for (const [index, [name, fields = {}]] of Object.entries(models).entries())
    writeModel(join(extension.models, name), {
      fields,
      provenance: { uri: 'file:///a.log', date: `2026-01-0${index + 1}T00:00:00.000Z` },
    });
}

describe('a model', () => {
  const describeModels = async () => {
    await extension.refresh();
    const tree = host.tree as unknown as {
      getChildren(): { directory: string }[];
      getTreeItem(model: unknown): { description: string; tooltip: MarkdownString };
    };
    return tree.getChildren().map((model) => tree.getTreeItem(model));
  };

  test('of an older version is described in bits per character', async () => {
    write({ old: {} });
    const [{ description, tooltip }] = await describeModels();
    expect(description).toMatch(/^1\.00 bpc · LSTM 1 · /);
    expect(tooltip.value).toMatch(/1\\\.000 bits per character, measured before/);
  });

  test('that completes the text in front is marked, in the status bar too', async () => {
    write({ other: { validationLoss: 2 }, chosen: { validationLoss: 1 } });
    open('text');
    const descriptions = (await describeModels()).map(({ description }) => description);
    expect(descriptions.map((text) => text.includes('completes this file'))).toEqual([true, false]);
    expect(statusBar()).toBe('Unroll 1.00 bpc');
  });

  test('is described by its metric', async () => {
    write({ new: { lossUnit: 'nats', metric: accuracy(0.8), learnedHeldOut: false } });
    const [{ description, tooltip }] = await describeModels();
    expect(description).toMatch(/^accuracy 0\.80 · LSTM 1 · /);
    expect(tooltip.value).toMatch(/\| accuracy 0\.800 \|/);
  });

  test('is said to know the held-out text, before or after it was measured there', async () => {
    const fields = { lossUnit: 'nats', metric: accuracy(0.8), learnedHeldOut: true };
    write({ own: fields });
    writeModel(join(extension.models, 'back'), {
      fields,
      provenance: { imported: { folder: 'there', program: 'PyTorch' } },
    });
    const said = (await describeModels()).map(({ tooltip }) => tooltip.value);
    for (const when of ['before', 'after'])
      expect(said.filter((each) => each.includes(`measured ${when} that text was learned`))).toHaveLength(1);
  });

  test('has no value where nothing was held out', async () => {
    write({ new: { lossUnit: 'nats', metric: accuracy(null), validationLoss: null } });
    const [{ description, tooltip }] = await describeModels();
    expect(description).toMatch(/^LSTM 1 · /);
    expect(tooltip.value).not.toMatch(/accuracy/);
  });

  test.each<[string, Readonly<Record<string, WrittenModel['fields']>>, string]>([
    [
      'accuracy',
      {
        unmeasured: { metric: accuracy(null), validationLoss: 0.1 },
        best: { metric: accuracy(0.9), validationLoss: 0.3 },
        worst: { metric: accuracy(0.8), validationLoss: 0.2 },
      },
      'best',
    ],
    [
      'loss',
      { best: { validationLoss: 1 }, worst: { validationLoss: 2 }, none: { validationLoss: null } },
      'best',
    ],
  ])('of a comparison completes a text if it is the best by its %s', async (_, compared, expected) => {
    write(
      Object.fromEntries(
        Object.entries(compared).map(([name, fields]) => [name, { ...fields, compared: true }]),
      ),
    );
    const models = new Models(
      extension.models,
      new Choices(memento()),
      new Diary({ error: () => {} }),
      nodeProcesses,
    );
    await models.refresh();
    expect(models.all).toHaveLength(3);
    const document = new TextDocument(Uri.file('/a.log'), '');
    expect(models.for(document as never, 'suggest')?.directory).toBe(join(extension.models, expected));
    models.dispose();
  });
});

test('a failed run that an older version remembered is drawn with its baselines', async () => {
  const { history } = generation();
  const { task, lossUnit, metric, baselines, ...start } = history.start!;
  const failed = {
    ...history,
    status: { kind: 'failed', message: 'No.' },
    start: { ...start, unigram: 3, uniform: 4 },
  };
  const remembered = memento();
  await remembered.update('laid', [{ directory: join(extension.models, 'gone'), failed }]);
  const overlay = new Overlay(remembered, nodeProcesses);
  await overlay.restore();
  expect(overlay.runs.map(({ run }) => run.start)).toEqual([
    {
      ...start,
      task: 'language model',
      ...languageModelMeasures,
      baselines: [
        { name: 'unigram', value: 3 },
        { name: 'uniform', value: 4 },
      ],
    },
  ]);
  overlay.dispose();
});
