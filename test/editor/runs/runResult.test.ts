// The notification at a run's end says what is suggested from now on, and when.
import { afterEach, expect, test } from 'vitest';
import { sayResult } from '../../../src/editor/runs/runResult.ts';
import { suggestingOf } from '../../../src/editor/text/suggestionText.ts';
import type { RunResult, RunStart } from '../../../src/protocol/run.ts';
import { taskNames } from '../../../src/protocol/task.ts';
import { capabilitiesOf } from '../../../src/store/capabilities.ts';
import { Uri } from '../../host/vscode/documents.ts';
import { host } from '../../host/vscode/window.ts';
import { generation } from '../../store/generation.ts';

afterEach(() => {
  host.clear();
  host.folder = null;
  host.folderSettings.clear();
});

const result: RunResult = {
  ...{ end: 'budget', steps: 1, bestStep: 1, seconds: 1, tokens: 1, tokensPerSecond: 1, characters: 5 },
  ...{ trainLoss: 1, validationLoss: 1 },
};
const rows = { train: 3, heldOut: 1, skipped: 0, empty: 2 };
const forecast = { writes: ['a'] } as unknown as RunResult['forecast'];

const text = 'Trained on a.log: 1.00 bits per character on its held-out part after 5 characters.';
const table = 'Trained on a.log: 1.00 bits per character.';

test.each<[string, Partial<RunStart>, Partial<RunResult>, automatic: string, explicit: string]>([
  [
    'a language model',
    { direction: 'forward' },
    {},
    `${text} Suggestions appear as you type.`,
    `${text} The command Trigger Inline Suggestion shows suggestions.`,
  ],
  [
    'a model that reads backward',
    { direction: 'backward' },
    {},
    `${text} It reads backward and suggests nothing.`,
    `${text} It reads backward and suggests nothing.`,
  ],
  [
    'a model of rows',
    { rows },
    {},
    `${table} What is missing in a row is suggested where the cursor is.`,
    `${table} Where the cursor is in a row, the command Trigger Inline Suggestion shows what is missing there.`,
  ],
  [
    'a forecaster that reads a column which it does not predict',
    { task: 'forecaster', rows },
    {},
    `${table} It reads columns that it does not predict, so that it suggests no rows: predict all that is read, or read only what is predicted.`,
    `${table} It reads columns that it does not predict, so that it suggests no rows: predict all that is read, or read only what is predicted.`,
  ],
  [
    'a forecaster',
    { task: 'forecaster', rows },
    { forecast: forecast! },
    `${table} The next rows are suggested at the end of the file.`,
    `${table} At the end of the file, the command Trigger Inline Suggestion shows the next rows.`,
  ],
])('the training of %s', (_, start, more, automatic, explicit) => {
  const say = () => {
    const status = { kind: 'ended', result: { ...result, ...more } } as const;
    const uri = Uri.file('/workspace/a.log') as never;
    sayResult(status, { ...generation().history.start!, ...start }, 'a.log', { uri, languageId: 'log' });
    return host.shown.splice(0).map((each) => each.text);
  };
  host.folder = Uri.file('/workspace');
  expect(say()).toEqual([automatic]);
  host.folderSettings.set('unroll.completion.trigger', 'explicit');
  expect(say()).toEqual([explicit]);
});

test.each([
  ['forward', 'Suggestions are off here: the setting `unroll.completion.enabled` turns them on.'],
  ['backward', 'It reads backward and suggests nothing.'],
] as const)('where suggestions are off, the training of a model that reads %s', (direction, said) => {
  host.folder = Uri.file('/workspace');
  host.folderSettings.set('unroll.completion.enabled', false);
  const uri = Uri.file('/workspace/a.log') as never;
  const start = { ...generation().history.start!, direction };
  sayResult({ kind: 'ended', result }, start, 'a.log', { uri, languageId: 'log' });
  expect(host.shown.map((each) => each.text)).toEqual([`${text} ${said}`]);
});

test('a model of each task suggests in one way, except one that reads backward', () => {
  const unknown = {
    wishes: undefined,
    table: undefined,
    regression: undefined,
    tagging: undefined,
    pairs: undefined,
    series: { reads: ['level', 'sum'], writes: ['sum', 'level'] },
  };
  const found = taskNames.map((task) => [
    task,
    ...(['forward', 'backward'] as const).map((direction) =>
      suggestingOf([...capabilitiesOf({ task, direction, ...unknown } as never)]),
    ),
  ]);
  expect(found).toEqual([
    ['language model', 'suggest', null],
    ['acceptor', 'fill', 'fill'],
    ['regressor', 'fill', 'fill'],
    ['transducer', 'fill', 'fill'],
    ['encoder-decoder', 'fill', 'fill'],
    ['forecaster', 'suggest rows', 'suggest rows'],
  ]);
});
