// The command that brings a model back which was exported, and perhaps trained elsewhere.
import { basename, join } from 'node:path';
import { commands, type Disposable, type ExtensionContext, l10n, window, workspace } from 'vscode';
import { commands as names } from '../../contributions.ts';
import type { StartWorker } from '../../protocol/port.ts';
import { engineSettings, modelsDirectory, timestamp } from '../runs/train.ts';
import { say, withProgress } from '../ui/messages.ts';
import { importFrom } from '../workers/oneRequest.ts';
import type { Models } from './models.ts';

export interface ImportParts {
  readonly context: ExtensionContext;
  readonly models: Models;
  /** Starts the exporter. */
  readonly exporter: StartWorker;
}

export function registerImport(parts: ImportParts): Disposable {
  return commands.registerCommand(names.importModel, () => importModel(parts));
}

async function importModel({ context, models, exporter }: ImportParts): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const [from] =
    (await window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: l10n.t('Import'),
      title: l10n.t('Folder of an Exported Model'),
      ...(folder ? { defaultUri: folder } : {}),
    })) ?? [];
  if (!from) return;
  const name = basename(from.fsPath);
  const readable = name.replace(/[^\w.-]+/g, '-').slice(0, 40);
  const directory = join(modelsDirectory(context), `${readable}-imported-${timestamp()}`);
  try {
    const imported = await withProgress(l10n.t('Importing {0}', name), (_, token) => {
      const cancelled = new AbortController();
      token.onCancellationRequested(() => cancelled.abort());
      const request = { type: 'import', from: from.fsPath, directory, settings: engineSettings() } as const;
      return importFrom(exporter, request, cancelled.signal);
    });
    await models.refresh();
    if (imported === null) return;
    void say.information(l10n.t('Imported {0}: {1}. Suggestions come as you type.', name, imported));
  } catch (error) {
    void say.error(l10n.t('The model could not be imported: {0}', (error as Error).message));
  }
}
