// A text that is renamed, or saved for the first time, keeps its models, its chosen model and its task.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Choices } from '../../../src/editor/models/choices.ts';
import { Models } from '../../../src/editor/models/models.ts';
import { followMovedTexts } from '../../../src/editor/models/movedTexts.ts';
import { Diary } from '../../../src/editor/report/diary.ts';
import { rememberedTask, rememberTask } from '../../../src/editor/table/remembered.ts';
import { nodeProcesses } from '../../../src/platform/node/processes.ts';
import type { TaskChoice } from '../../../src/protocol/task.ts';
import { TextDocument, Uri } from '../../host/vscode/documents.ts';
import { Extension } from '../../host/vscode/extension.ts';
import { writeModel } from '../../host/vscode/model.ts';
import { events, host } from '../../host/vscode/window.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';
import { memento } from '../memento.ts';

const forecast: TaskChoice = { kind: 'forecaster', reads: null, writes: null };

const folder = temporaryFolder('moved');
let root: string;
let memory: ReturnType<typeof memento>;
let choices: Choices;
let models: Models;
let follower: { dispose(): void };
let problems: string[];
let run: { directory: string | null; uri: string | null };

beforeEach(() => {
  root = mkdtempSync(join(folder, 'models-'));
  memory = memento();
  choices = new Choices(memory);
  problems = [];
  const diary = new Diary({ error: (message) => problems.push(message) });
  models = new Models(root, choices, diary, nodeProcesses);
  run = { directory: null, uri: null };
  follower = followMovedTexts({
    models,
    choices,
    runs: run as never,
    table: { follow() {} },
    memento: memory,
    diary,
  });
});
afterEach(() => {
  follower.dispose();
  host.clear();
});

const file = (name: string) => Uri.file(join(folder, name));
const untitled = () => Uri.parse('untitled:Untitled-1');
const document = (uri: ReturnType<typeof file>, text = 'text') => new TextDocument(uri, text, 'csv');

/** Writes a model of a text. */
async function keep(name: string, uri: ReturnType<typeof file>, pattern: string | null = null) {
  writeModel(join(root, name), { provenance: { uri: uri.toString(), pattern } });
  await models.refresh();
}

/** Renames as the window does, and returns when the models have been read again. */
async function rename(...pairs: readonly (readonly [from: string, to: string])[]): Promise<void> {
  const files = pairs.map(([from, to]) => ({ oldUri: file(from), newUri: file(to) }));
  await untilRead(files.length, () => events.rename.fire({ files }));
}

async function untilRead(times: number, act: () => void): Promise<void> {
  let read = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const listening = models.onDidChange(() => ++read === times && resolve());
  act();
  await promise;
  listening.dispose();
}

const modelOf = (uri: ReturnType<typeof file>) =>
  models
    .for(document(uri) as never, 'suggest')
    ?.directory.split('/')
    .at(-1);
const taskOf = (uri: ReturnType<typeof file>) => rememberedTask(memory, uri as never);

test('a renamed file keeps its model, and the file that gets its name has none', async () => {
  await keep('own', file('a.csv').with({ fragment: 'L1,1-L2,1' }));
  await rename(['a.csv', 'b.csv']);
  expect([modelOf(file('b.csv')), modelOf(file('a.csv'))]).toEqual(['own', undefined]);
  // The part that was trained on is trained on again where it is now.
  expect(models.all[0].manifest.provenance.uri).toBe(
    file('b.csv').with({ fragment: 'L1,1-L2,1' }).toString(),
  );
  await rename(['b.csv', 'c.csv']);
  expect([modelOf(file('c.csv')), modelOf(file('b.csv'))]).toEqual(['own', undefined]);
});

test('a renamed file keeps the model that was chosen for it, and its task', async () => {
  await keep('other', file('other.csv'));
  await choices.use(join(root, 'other'), { kind: 'file', what: file('a.csv').toString() });
  await rememberTask(memory, file('a.csv') as never, forecast);
  await rename(['a.csv', 'b.csv']);
  expect([modelOf(file('b.csv')), modelOf(file('a.csv'))]).toEqual(['other', undefined]);
  expect([taskOf(file('b.csv')), taskOf(file('a.csv'))]).toEqual([forecast, null]);
});

test('a renamed folder takes the files below it with it, and none beside it', async () => {
  await keep('below', file('logs/deep/a.csv'));
  await keep('beside', file('logs2/a.csv'));
  await keep('folder', file('logs'), '**/*.csv');
  for (const name of ['logs/a.csv', 'logs2/a.csv']) await rememberTask(memory, file(name) as never, forecast);
  await rename(['logs', 'old/logs']);
  expect([modelOf(file('old/logs/deep/a.csv')), modelOf(file('logs2/a.csv'))]).toEqual(['below', 'beside']);
  expect([modelOf(file('old/logs/b.csv')), modelOf(file('logs/b.csv'))]).toEqual(['folder', undefined]);
  expect(['old/logs/a.csv', 'logs/a.csv', 'logs2/a.csv'].map((name) => taskOf(file(name)))).toEqual([
    forecast,
    null,
    forecast,
  ]);
});

test('a file that is replaced leaves nothing to the one that gets its name', async () => {
  await keep('one', file('x.csv'));
  await keep('two', file('y.csv'));
  await choices.use(join(root, 'one'), { kind: 'file', what: file('a.csv').toString() });
  await choices.use(join(root, 'two'), { kind: 'file', what: file('b.csv').toString() });
  await rememberTask(memory, file('a.csv') as never, forecast);
  await rememberTask(memory, file('b.csv') as never, { kind: 'language model' });
  await rename(['a.csv', 'b.csv']);
  expect(modelOf(file('b.csv'))).toBe('one');
  expect(choices.usesOf('two')).toEqual([]);
  expect(taskOf(file('b.csv'))).toEqual(forecast);
});

test('files that are renamed together keep what is each one’s own', async () => {
  await keep('one', file('a.csv'));
  await keep('two', file('b.csv'));
  await rename(['a.csv', 'new/a.csv'], ['b.csv', 'new/b.csv']);
  expect([modelOf(file('new/a.csv')), modelOf(file('new/b.csv'))]).toEqual(['one', 'two']);
});

test('a run that has kept nothing yet is one of the renamed file when it has', async () => {
  run = Object.assign(run, {
    directory: join(root, 'begun'),
    uri: file('a.csv').toString(),
  });
  await rename(['a.csv', 'b.csv']);
  await rename(['b.csv', 'c.csv']);
  await keep('begun', file('a.csv'));
  expect(modelOf(file('c.csv'))).toBe('begun');
});

test('a move that cannot be kept is said once, and those after it are followed', async () => {
  await keep('one', file('a.csv'));
  await keep('two', file('c.csv'));
  const { update } = memory;
  memory.update = async () => {
    memory.update = update;
    throw new Error('The disk is full');
  };
  const files = [
    { oldUri: file('a.csv'), newUri: file('b.csv') },
    { oldUri: file('c.csv'), newUri: file('d.csv') },
  ];
  await untilRead(1, () => events.rename.fire({ files }));
  expect([modelOf(file('a.csv')), modelOf(file('b.csv')), modelOf(file('d.csv'))]).toEqual([
    'one',
    undefined,
    'two',
  ]);
  expect(problems).toEqual([expect.stringMatching(/a\.csv has become .*b\.csv, .*: The disk is full$/)]);
  expect(host.shown.map(({ text }) => text)).toEqual([
    expect.stringMatching(
      /^The models of .*a\.csv could not be kept for .*b\.csv: The disk is full\. Choose one/,
    ),
  ]);
});

test('a list of models that could not be read once is read the next time', async () => {
  await keep('own', file('a.csv'));
  const listening = models.onDidChange(() => {
    listening.dispose();
    throw new Error('A listener fails.');
  });
  await expect(models.refresh()).rejects.toThrow('A listener fails.');
  await keep('other', file('b.csv'));
  expect(modelOf(file('b.csv'))).toBe('other');
});

test('a model that is deleted leaves nothing', async () => {
  await keep('own', file('a.csv'));
  await rename(['a.csv', 'b.csv']);
  await models.delete(models.all);
  expect(JSON.stringify(memory.get('models'))).not.toContain('own');
});

/** Saves an untitled text as VS Code does: another document is opened, written and saved, then the first is closed. */
async function saveAs(name: string, text: string, saved: string): Promise<void> {
  const [before, after] = [document(untitled(), text), document(file(name), saved)];
  host.show(before);
  host.show(after);
  events.save.fire(after);
  host.close(before);
  // One is followed after the other.
  await rename(['another.csv', 'one.csv']);
}

test.each([
  ['as it is', 'a,b\n1,2\n', 'a,b\n1,2\n'],
  ['without white space at the ends of its lines', 'a,b  \n1,2\n\n', 'a,b\r\n1,2'],
])('an untitled text that is saved %s takes its model and its task with it', async (_, text, saved) => {
  await keep('own', untitled());
  await rememberTask(memory, untitled() as never, forecast);
  await saveAs('a.csv', text, saved);
  expect(modelOf(file('a.csv'))).toBe('own');
  expect([modelOf(untitled()), taskOf(untitled())]).toEqual([undefined, null]);
  expect(taskOf(file('a.csv'))).toEqual(forecast);
});

test('a file that is saved before an untitled text with other contents is closed has nothing of it', async () => {
  await keep('own', untitled());
  await saveAs('a.csv', 'a,b\n1,2\n', 'something else');
  expect([modelOf(file('a.csv')), modelOf(untitled())]).toEqual([undefined, 'own']);
});

test('the window follows: what is trained again is the text where it is now', async () => {
  const extension = await Extension.start();
  try {
    const at = (name: string) => Uri.file(join(extension.workspace, name));
    writeFileSync(at('b.log').fsPath, 'the text');
    const { directory } = writeModel(join(extension.models, 'own'), {
      provenance: { uri: at('a.log').toString() },
    });
    await extension.refresh();
    const again = async () => {
      const models = host.tree!.getChildren() as { directory: string }[];
      const model = models.find((each) => each.directory === directory);
      await host.commands.get('unroll.trainAgain')!(model);
      return await extension.told();
    };
    expect(await again()).toBe('');
    events.rename.fire({ files: [{ oldUri: at('a.log'), newUri: at('b.log') }] });
    await extension.refresh();
    expect(await again()).toContain(at('b.log').toString());
  } finally {
    extension.dispose();
  }
});
