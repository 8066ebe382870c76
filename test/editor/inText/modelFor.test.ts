// A command that finds no model says which kind of model it needs, and how one is made.
import { afterEach, expect, test, vi } from 'vitest';
import { commands as names } from '../../../src/contributions.ts';
import { type AskedCapability, modelFor } from '../../../src/editor/inText/modelFor.ts';
import { TextDocument, Uri } from '../../host/vscode/documents.ts';
import { host } from '../../host/vscode/window.ts';

afterEach(() => {
  host.answers.action = () => undefined;
  host.commands.clear();
  host.clear();
});

/** @param completes whether another model completes the text @returns the message */
async function asked(capability: AskedCapability, completes: boolean): Promise<string> {
  const models = { whenAsked: () => undefined, for: () => (completes ? {} : undefined) };
  const document = new TextDocument(Uri.file('/texts/notes.txt'), 'some text');
  expect(await modelFor(models as never, document as never, capability)).toBeNull();
  const [{ text }] = host.shown.splice(0);
  return text;
}

test('a text that a language model completes is not said to be completed by none', async () => {
  expect(await asked('fill', true)).toMatch(
    /^No model fills in or labels the rows of this text yet\. Train on a table/,
  );
  expect(await asked('tag', true)).toMatch(/^No model names the tags of this text yet\. Train on a text/);
  expect(await asked('rewrite', true)).toMatch(/^No model rewrites texts yet\. Train on a table/);
});

test('nor is a table that its own model completes', async () => {
  for (const capability of ['surprise', 'units', 'generate'] as const)
    expect(await asked(capability, true)).toMatch(/^This needs a language model,.* Train on the text as/);
});

test('where no model completes the text, that is said, and training on it is one click away', async () => {
  const train = vi.fn();
  host.commands.set(names.train, train);
  host.answers.action = ([first]) => first;
  expect(await asked('surprise', false)).toBe('No model completes this text yet.');
  expect(train).toHaveBeenCalledOnce();
});
