// Models go to other programs and come back. It is a bundle of its own, which is loaded when it is needed.
import { basename, join } from 'node:path';
import { l10n, type QuickPickItem, Uri, window, workspace } from 'vscode';
import type { Capability } from '../../protocol/capabilities.ts';
import type { ExportFormat, ImportAnswer, ImportedText } from '../../protocol/exporter.ts';
import type { StartWorker } from '../../protocol/port.ts';
import { currentText, type SourceText, textAt } from '../runs/trainingText.ts';
import { secretIn } from '../settings/secrets.ts';
import { suggestingOf, suggestionText } from '../text/suggestionText.ts';
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
    needs: 'export for PyTorch',
  },
  {
    label: l10n.t('TensorFlow.js'),
    detail: l10n.t('For web pages, with one that writes text'),
    format: 'tfjs',
    suffix: '-web',
    needs: 'export for the web',
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
    await runExport(
      exporter,
      format ? { type: 'export', format, directory, to } : { type: 'copy', directory, to },
    );
    void say.information(l10n.t('The model is in {0}.', to));
  } catch (error) {
    void say.error(l10n.t('The model could not be exported: {0}', (error as Error).message));
  }
}

/**
 * Asks for a folder that was exported or for an ONNX file, and makes it a model of this workspace.
 * @param root the folder of the workspace's models
 * @param settings the settings of the engine
 * @returns whether there is a model more
 */
export async function importModel(
  root: string,
  exporter: StartWorker,
  settings: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const from = await chooseExported();
  if (!from) return false;
  const name = basename(from.fsPath);
  const readable = name.replace(/[^\w.-]+/g, '-').slice(0, 40);
  const directory = join(root, `${readable}-imported-${new Date().toISOString().replace(/\D/g, '')}`);
  const attempt = (text: ImportedText | null): Thenable<ImportAnswer | null> =>
    withProgress(l10n.t('Importing {0}', name), (_, token) => {
      const cancelled = new AbortController();
      token.onCancellationRequested(() => cancelled.abort());
      const request = { type: 'import', from: from.fsPath, directory, text, settings } as const;
      return importFrom(exporter, request, cancelled.signal);
    });
  try {
    let answer = await attempt(null);
    if (answer?.kind === 'comes without its text') {
      const text = await chooseText(name);
      if (!text) return false;
      answer = await attempt(text);
    }
    if (answer?.kind !== 'imported') return false;
    const { model, capabilities, uri, languageId } = answer;
    const scope = uri === null ? null : { uri: Uri.parse(uri), languageId };
    const suggests = suggestionText(suggestingOf(capabilities), scope);
    void say.information(`${l10n.t('Imported {0}: {1}.', name, model)} ${suggests}`);
    return true;
  } catch (error) {
    void say.error(l10n.t('The model could not be imported: {0}', (error as Error).message));
    return false;
  }
}

/** A dialog of most systems chooses either files or folders, so that it is asked which it is to be. */
async function chooseExported(): Promise<Uri | undefined> {
  const folder = {
    label: l10n.t('Folder of an Exported Model'),
    detail: l10n.t('For PyTorch, as ONNX, or an Unroll model'),
    isFile: false,
  };
  const file = {
    label: l10n.t('ONNX File'),
    detail: l10n.t('With LSTM, GRU or RNN operators, and a vocabulary in it or beside it'),
    isFile: true,
  };
  const picked = await pick([folder, file], { title: l10n.t('Import Model from') });
  return picked && chooseFile(picked.label, picked.isFile, { ONNX: ['onnx'] });
}

async function chooseFile(
  title: string,
  isFile: boolean,
  filters: Record<string, string[]> = {},
): Promise<Uri | undefined> {
  const root = workspace.workspaceFolders?.[0]?.uri;
  const [chosen] =
    (await window.showOpenDialog({
      canSelectFolders: !isFile,
      canSelectFiles: isFile,
      openLabel: isFile ? l10n.t('Choose') : l10n.t('Import'),
      title,
      ...(isFile ? { filters } : {}),
      ...(root ? { defaultUri: root } : {}),
    })) ?? [];
  return chosen;
}

/** Asks for the text that a model without one is to complete. @param model its name */
async function chooseText(model: string): Promise<ImportedText | null> {
  const current = await currentText();
  const title = l10n.t('Text That {0} Completes', model);
  const other = { label: l10n.t('Choose a File …'), read: () => chosenText(title) };
  const own = current && {
    label: current.title,
    detail: l10n.t('Suggestions are made from it too, and the model is measured on its end'),
    read: async () => current,
  };
  const picked = await pick(own ? [own, other] : [other], { title });
  const source = await picked?.read();
  if (!source) return null;
  const secret = await secretIn(source, source.documents);
  if (secret !== null) {
    void say.warning(secret);
    return null;
  }
  const { documents, uri, languageId } = source;
  return { documents, source: source.title, uri: uri.toString(), languageId };
}

async function chosenText(title: string): Promise<SourceText | null> {
  const file = await chooseFile(title, true);
  if (!file) return null;
  const source = await textAt(file);
  if (!source) void say.warning(l10n.t('{0} cannot be read.', workspace.asRelativePath(file)));
  return source;
}
