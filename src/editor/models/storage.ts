// Keeps the stored models from other users, and offers to delete all of them.
import { chmod } from 'node:fs/promises';
import { commands, type Disposable } from 'vscode';
import { commands as names } from '../../contributions.ts';
import { modelsDirectory } from '../runs/train.ts';
import type { StorageParts } from './deleteAll.ts';

export function registerStorage(parts: StorageParts): Disposable {
  const { context } = parts.training;
  // The stored texts are readable only by this user. Earlier versions created the folder readable by others.
  void chmod(modelsDirectory(context), 0o700).catch(() => {});
  return commands.registerCommand(names.deleteAll, async () => {
    const { deleteAll } = await import('./deleteAll.ts');
    return deleteAll(parts);
  });
}
