// Checks what is kept on disk, and that it is deleted.
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TextDocument, Uri } from '../../host/vscode/documents.ts';
import { Extension } from '../../host/vscode/extension.ts';
import { writeModel } from '../../host/vscode/model.ts';
import { host } from '../../host/vscode/window.ts';

let extension: Extension;

beforeEach(async () => {
  extension = await Extension.start();
});
afterEach(() => extension.dispose());

const beside = () => join(extension.models, '../../../2/unroll.unroll/models');
const everywhere = () => join(extension.root, 'User/globalStorage/unroll.unroll/models');

function keep(models: string, name: string, text: string): void {
  const directory = join(models, name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'text-0123456789abcdef.txt'), text);
}

const messages = () => host.shown.filter(({ place }) => place === 'message').map(({ text }) => text);

async function deleteAll(answer: boolean): Promise<void> {
  host.answers.action = ([action]) => (answer ? action : undefined);
  await host.commands.get('unroll.deleteAll')!();
}

/** Returns the names of everything in the storage. */
const left = () =>
  [extension.models, beside(), everywhere()].flatMap((folder) => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  });

test('says how much there is, and keeps it where that is not wanted gone', async () => {
  keep(extension.models, 'a', 'x'.repeat(1_500_000));
  keep(beside(), 'b', 'x'.repeat(1_000_000));
  keep(everywhere(), 'c', 'x');
  await deleteAll(false);
  const [question, detail] = messages();
  expect(question).toBe('Delete all models and texts? There are 3, of 2.5 MB together.');
  expect(detail).toMatch(/with the texts that they were trained on .* Workspaces affected: 3\./);
  expect(left().toSorted()).toEqual(['a', 'b', 'c']);
});

test('deletes everything, of all workspaces', async () => {
  keep(extension.models, 'a', 'text');
  keep(beside(), 'b', 'text');
  keep(everywhere(), 'c', 'text');
  await deleteAll(true);
  expect(left()).toEqual([]);
  expect(messages().at(-1)).toBe('All models and texts are deleted: 0.0 MB.');
});

test('says so where there is nothing', async () => {
  await deleteAll(true);
  expect(messages()).toEqual(['There is no model and no text to delete.']);
});

test('ends the run that is under way before, without a word of failure, and shows none', async () => {
  keep(extension.models, 'a', 'text');
  host.show(new TextDocument(Uri.file(join(extension.workspace, 'a.log')), 'ENDLESS text'));
  const training = host.commands.get('unroll.train')!();
  // The text is read before its training begins.
  await expect.poll(() => host.shown.map(({ text }) => text)).toContain('Training on a.log');
  await deleteAll(true);
  expect(await training).toMatchObject({ kind: 'failed' });
  expect(messages()).toEqual([
    expect.stringMatching(/^Delete all/),
    expect.stringMatching(/^The training in progress will be stopped/),
    'All models and texts are deleted: 0.0 MB.',
  ]);
  const [panel] = host.webviews.slice(-1);
  panel.say({ type: 'ready' });
  expect(panel.messages.at(-1)).toMatchObject({ type: 'snapshot', run: null });
});

test('the oldest runs go beyond the limit, and none that has a name or is shown', async () => {
  for (const [index, name] of ['oldest', 'named', 'older', 'newest'].entries())
    writeModel(join(extension.models, name), {
      text: 'x'.repeat(400_000),
      provenance: { date: `2026-01-0${index + 1}T00:00:00.000Z`, uri: `file:///${name}` },
    });
  host.settings.set('unroll.runs.megabytes', 1);
  try {
    host.answers.input = () => 'Mine';
    await host.commands.get('unroll.renameModel')!({
      directory: join(extension.models, 'named'),
      manifest: { provenance: { source: '', pattern: null } },
    });
    host.show(new TextDocument(Uri.file(join(extension.workspace, 'a.log')), 'text'));
    await host.commands.get('unroll.train')!();
    // The limit is 1 MB, so of 1.6 MB two models of 0.4 MB must go.
    await expect.poll(() => left().toSorted()).toEqual(['named', 'newest']);
  } finally {
    host.settings.clear();
  }
});

test('nobody else on the machine reads the models', async () => {
  mkdirSync(extension.models, { recursive: true, mode: 0o755 });
  extension.dispose();
  extension = await Extension.start();
  mkdirSync(extension.models, { recursive: true, mode: 0o755 });
  await extension.restart();
  await expect.poll(() => statSync(extension.models).mode & 0o777).toBe(0o700);
});
