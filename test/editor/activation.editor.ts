import { strictEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { commands, extensions } from 'vscode';

const extension = extensions.getExtension('unroll.unroll')!;

describe('activation', () => {
  for (const { command } of extension.packageJSON.contributes.commands ?? [])
    it(`registers ${command}`, async () => {
      await extension.activate();
      strictEqual((await commands.getCommands(true)).includes(command), true);
    });
});
