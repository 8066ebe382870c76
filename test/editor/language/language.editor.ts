import { deepEqual, equal, ok } from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  type CodeAction,
  type CodeLens,
  type CompletionList,
  commands,
  type Diagnostic,
  type DocumentSymbol,
  extensions,
  type Hover,
  type Location,
  languages,
  type MarkdownString,
  type Position,
  Range,
  type TextDocument,
  type TextEdit,
  window,
  workspace,
} from 'vscode';

const wrong = `cell Mine
  r[t] = σ(W_r x[t] + U_r h[t-1])
  h[t] = tanh(W x[t] + U (r[t]*h[t-1])) + W h[t-1]
`;
const right = wrong.replace('+ W h', '+ U h');

async function open(content: string): Promise<TextDocument> {
  await extensions.getExtension('unroll.unroll')!.activate();
  const document = await workspace.openTextDocument({ language: 'rnn', content });
  await window.showTextDocument(document);
  return document;
}

/** Resolves to the document's diagnostics once there are `count` of them. */
function diagnosed({ uri }: TextDocument, count: number): Promise<Diagnostic[]> {
  const { promise, resolve } = Promise.withResolvers<Diagnostic[]>();
  const look = () => {
    const found = languages.getDiagnostics(uri);
    if (found.length !== count) return;
    subscription.dispose();
    resolve(found);
  };
  const subscription = languages.onDidChangeDiagnostics(look);
  look();
  return promise;
}

const at = (document: TextDocument, text: string): Position =>
  document.positionAt(document.getText().indexOf(text));

describe('a .rnn file', () => {
  it('shows a squiggle, and its fix works', async () => {
    const document = await open(wrong);
    const [mistake] = await diagnosed(document, 1);
    equal(document.getText(mistake.range), 'W h[t-1]');
    ok(mistake.message.endsWith('did you mean `U h[t-1]`?'), mistake.message);
    const actions = await commands.executeCommand<CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      mistake.range,
    );
    const fix = actions.find(({ title }) => title === 'Write `U h[t-1]`')!;
    await workspace.applyEdit(fix.edit!);
    equal(document.getText(), right);
    await diagnosed(document, 0);
  });

  it('says role, shape and equation on hover', async () => {
    const document = await open(right);
    const hovers = await commands.executeCommand<Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      at(document, 'r[t]*'),
    );
    const text = (hovers[0].contents[0] as MarkdownString).value;
    ok(text.includes('r[t] = σ(W_r x[t] + U_r h[t-1])'), text);
    ok(text.includes('h = 128 units'), text);
  });

  it('completes names, goes to definitions and finds references', async () => {
    const document = await open(right);
    const list = await commands.executeCommand<CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      at(document, 'W x[t] + U (r'),
    );
    const labels = list.items.map(({ label }) => label);
    for (const label of ['tanh', 'U_r', 'r[t]', 'h[t-1]']) ok(labels.includes(label), label);

    const use = at(document, 'r[t]*');
    const found = await commands.executeCommand<Location[]>(
      'vscode.executeDefinitionProvider',
      document.uri,
      use,
    );
    deepEqual(found[0].range, new Range(1, 2, 1, 3));
    const uses = await commands.executeCommand<Location[]>(
      'vscode.executeReferenceProvider',
      document.uri,
      use,
    );
    equal(uses.length, 2);
  });

  it('has an outline, lenses and a formatter', async () => {
    const document = await open(right);
    const [cell] = await commands.executeCommand<DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    deepEqual(
      cell.children.map(({ name }) => name),
      ['r[t]', 'h[t]'],
    );
    const lenses = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', document.uri);
    const titles = lenses.map(({ command }) => command!.title);
    for (const title of ['Check Gradients', 'Trace', 'Show Graph']) ok(titles.includes(title), title);
    const edits = await commands.executeCommand<TextEdit[]>(
      'vscode.executeFormatDocumentProvider',
      document.uri,
      { tabSize: 2, insertSpaces: true },
    );
    ok(edits.length > 0);
  });
});
