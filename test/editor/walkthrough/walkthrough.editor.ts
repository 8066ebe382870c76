import { strictEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { commands, extensions, window, workspace } from 'vscode';
import { commands as names } from '../../../src/contributions.ts';

describe('the samples of the walkthrough', () => {
  it('a second click that comes at once opens no other one', async () => {
    await extensions.getExtension('unroll.unroll')!.activate();
    const untitled = () => workspace.textDocuments.filter(({ isUntitled }) => isUntitled).length;
    const before = untitled();
    await Promise.all([1, 2].map(() => commands.executeCommand(names.openSample)));
    strictEqual(untitled(), before + 1);
    const { document, selection } = window.activeTextEditor!;
    strictEqual(selection.active.line, document.lineCount - 1);
    await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
