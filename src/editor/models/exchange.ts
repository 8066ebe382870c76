// Models go to other programs and come back. It is a bundle of its own, which is loaded when it is needed.
import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { l10n, type QuickPickItem, window, workspace } from 'vscode';
import type { Capability } from '../../protocol/capabilities.ts';
import type { ExportFormat } from '../../protocol/exporter.ts';
import type { StartWorker } from '../../protocol/port.ts';
import { reasonOf } from '../../store/fileProblem.ts';
import { isFileError } from '../../store/files.ts';
import { say, withProgress } from '../ui/messages.ts';
import { pick } from '../ui/quickInput.ts';
import { importFrom, runExport } from '../workers/oneRequest.ts';

interface FormatChoice extends QuickPickItem {
  readonly format: ExportFormat;
  readonly suffix: string;
  /** The capability that a model must have. */
  readonly needs: Capability;
}

/** The formats of other programs, as choices. */
const otherFormats = (): FormatChoice[] => [
  {
    label: l10n.t('PyTorch'),
    detail: l10n.t('Its equations as Python, with a training script; what is trained there can be imported'),
    format: 'pytorch',
    suffix: '-pytorch',
    needs: 'export',
  },
  {
    label: l10n.t('TensorFlow.js'),
    detail: l10n.t('For web pages, with one that writes text'),
    format: 'tfjs',
    suffix: '-web',
    needs: 'export',
  },
  {
    label: l10n.t('ONNX'),
    detail: l10n.t('For ONNX Runtime, in any language and on any device'),
    format: 'onnx',
    suffix: '-onnx',
    needs: 'export as ONNX',
  },
];

/**
 * Asks for a format and a folder, and writes the model there.
 * @param capabilities those of the model, which say which other programs it can be written for
 */
export async function exportModel(
  directory: string,
  capabilities: ReadonlySet<Capability>,
  exporter: StartWorker,
): Promise<void> {
  const own = {
    label: l10n.t('Unroll Model'),
    detail: l10n.t('Weights as safetensors, which any framework reads'),
    format: null,
    suffix: '',
  };
  const others = otherFormats().filter(({ needs }) => capabilities.has(needs));
  const picked = await pick([own, ...others], { title: l10n.t('Export Model as') });
  if (!picked) return;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const [target] =
    (await window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: l10n.t('Export Here'),
      ...(folder ? { defaultUri: folder } : {}),
    })) ?? [];
  if (!target) return;
  const to = join(target.fsPath, basename(directory) + picked.suffix);
  try {
    const { format } = picked;
    if (format) await runExport(exporter, { type: 'export', format, directory, to });
    else await cp(directory, to, { recursive: true, errorOnExist: true, force: false });
    void say.information(l10n.t('The model is in {0}.', to));
  } catch (error) {
    void say.error(
      l10n.t(
        'The model could not be exported: {0}',
        isFileError(error) ? `${reasonOf(error)}.` : (error as Error).message,
      ),
    );
  }
}

/**
 * Asks for a folder that was exported, and makes it a model of this workspace.
 * @param root the folder of the workspace's models
 * @param settings the settings of the engine
 * @returns whether there is a model more
 */
export async function importModel(
  root: string,
  exporter: StartWorker,
  settings: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const [from] =
    (await window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: l10n.t('Import'),
      title: l10n.t('Folder of an Exported Model'),
      ...(folder ? { defaultUri: folder } : {}),
    })) ?? [];
  if (!from) return false;
  const name = basename(from.fsPath);
  const readable = name.replace(/[^\w.-]+/g, '-').slice(0, 40);
  const directory = join(root, `${readable}-imported-${new Date().toISOString().replace(/\D/g, '')}`);
  try {
    const imported = await withProgress(l10n.t('Importing {0}', name), (_, token) => {
      const cancelled = new AbortController();
      token.onCancellationRequested(() => cancelled.abort());
      const request = { type: 'import', from: from.fsPath, directory, settings } as const;
      return importFrom(exporter, request, cancelled.signal);
    });
    if (imported === null) return false;
    void say.information(l10n.t('Imported {0}: {1}. Suggestions appear as you type.', name, imported));
    return true;
  } catch (error) {
    void say.error(l10n.t('The model could not be imported: {0}', (error as Error).message));
    return false;
  }
}
