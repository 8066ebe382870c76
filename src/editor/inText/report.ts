// The command 'Report' puts what is known about this window on the clipboard and into a document. Nothing is
// sent.
import { availableParallelism, release, totalmem } from 'node:os';
import { type ExtensionContext, env, l10n, version as vscodeVersion, window, workspace } from 'vscode';
import { settingsSection } from '../../contributions.ts';
import type { Models } from '../models/models.ts';
import type { Diary } from '../report/diary.ts';
import type { Runs } from '../runs/runs.ts';
import { say } from '../ui/messages.ts';
import type { InspectorClient } from '../workers/inspectorClient.ts';
import { reportText } from './reportText.ts';

export interface ReportSources {
  readonly context: ExtensionContext;
  readonly models: Models;
  readonly runs: Runs;
  readonly inspector: InspectorClient;
  readonly diary: Diary;
}

export async function report({ context, models, runs, inspector, diary }: ReportSources): Promise<void> {
  const engine = workspace.getConfiguration(`${settingsSection}.engine`);
  const diagnosis = await inspector
    .ask({ kind: 'diagnose' }, new AbortController().signal)
    .catch((error: Error) => {
      diary.problem('inspection', `No diagnosis: ${error.message}`);
      return null;
    });
  const { node, v8, electron } = process.versions;
  const text = reportText({
    versions: {
      Unroll: context.extension.packageJSON.version,
      'VS Code': `${vscodeVersion}, ${env.uiKind === 2 ? 'web' : 'desktop'}${env.remoteName ? ', remote' : ''}`,
      Node: node,
      V8: v8,
      ...(electron ? { Electron: electron } : {}),
      System: `${process.platform} ${process.arch} ${release()}`,
    },
    cores: availableParallelism(),
    memoryGigabytes: totalmem() / 2 ** 30,
    diagnosis,
    wishes: { engine: engine.get('kind'), threads: engine.get('threads') },
    models: models.all.map(({ manifest }) => manifest),
    run: runs.snapshot,
    diary,
  });
  await env.clipboard.writeText(text);
  await window.showTextDocument(await workspace.openTextDocument({ language: 'markdown', content: text }));
  void say.information(l10n.t('The report is on the clipboard. Nothing has been sent.'));
}
