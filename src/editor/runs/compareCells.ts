// The command 'Compare Cells on Current File' trains several cells on one text, one after the other, with the
// same budget, seed and options. Each is a run; the panel overlays their curves and shows a table.
import { l10n, QuickPickItemKind, window, workspace } from 'vscode';
import { cellsWithoutEncoder } from '../../cells/index.ts';
import { languageId } from '../../contributions.ts';
import { readCells } from '../../language/check.ts';
import { advantage } from '../../protocol/metric.ts';
import { outcomeOf } from '../../protocol/outcome.ts';
import type { RunSnapshot } from '../../protocol/run.ts';
import type { TaskChoice } from '../../protocol/task.ts';
import type { LastText } from '../language/lastText.ts';
import type { Choices } from '../models/choices.ts';
import type { Overlay } from '../panel/overlay.ts';
import { inFull } from '../text/metricText.ts';
import { openDocument } from '../text/openDocument.ts';
import { say, throttled, withProgress } from '../ui/messages.ts';
import { inputLine, pickMany } from '../ui/quickInput.ts';
import { type BudgetSettings, readBudget } from './askBudget.ts';
import { mayRead, mayStop, type OwnCell, requestFor, type Training } from './train.ts';
import { currentText, type SourceText, textOf } from './trainingText.ts';

/** The built-in cells that are selected by default, besides the user's own. */
const usual = ['LSTM', 'GRU', 'Elman'];

const mostFiles = 200;

export interface Comparison {
  readonly training: Training;
  readonly overlay: Overlay;
  readonly choices: Choices;
  readonly lastText: LastText;
}

export async function compareCells(comparison: Comparison): Promise<void> {
  const { training, overlay, lastText } = comparison;
  // If a `.rnn` file is active, the text that was active before it is used.
  const inCell = window.activeTextEditor?.document.languageId === languageId;
  const source = inCell ? lastText.document && textOf(lastText.document) : await currentText();
  if (!source) {
    void say.warning(l10n.t('Open a text to train on: a source file, a log, notes.'));
    return;
  }
  if (!(await mayRead(source))) return;
  const task = await training.chooseTask(source, null);
  if (task === undefined) return;
  const cells = await chooseCells();
  if (!cells || cells.length === 0) return;
  const budget = await askBudget(cells.length);
  if (!budget || !(await mayStop(training.runs))) return;
  overlay.clear();
  training.panel.show();
  const runs = await trainAll(comparison, source, cells, { ...budget, task });
  // A user who has deleted all runs in the meantime needs no result.
  if (training.runs.directory !== null) await sayBest(comparison, source, runs);
}

interface Item {
  readonly label: string;
  readonly kind?: QuickPickItemKind;
  readonly description?: string;
  readonly picked?: boolean;
  readonly cell?: OwnCell;
}

async function chooseCells(): Promise<OwnCell[] | undefined> {
  const separator = (label: string): Item => ({ label, kind: QuickPickItemKind.Separator });
  const own = await ownCells();
  const items: Item[] = [
    ...(own.length > 0 ? [separator(l10n.t('in .rnn files'))] : []),
    ...own,
    separator(l10n.t('built in')),
    ...[...cellsWithoutEncoder].map(([name, definition]) => ({
      label: name,
      picked: usual.includes(name),
      cell: { definition, name },
    })),
  ];
  const picked = await pickMany(items, {
    title: l10n.t('Compare Cells'),
    placeHolder: l10n.t('Each is trained with the same budget, seed and layers'),
    matchOnDescription: true,
  });
  return picked?.flatMap(({ cell }) => cell ?? []);
}

/**
 * Returns the cells of the workspace's files and of open documents, as they stand in the editor. Those of
 * open documents are selected by default. A file that cannot be opened, such as one that is no text, is left out.
 */
async function ownCells(): Promise<Item[]> {
  const open = workspace.textDocuments.filter((document) => document.languageId === languageId);
  const known = new Set(open.map(({ uri }) => uri.toString()));
  const found = await workspace.findFiles('**/*.rnn', undefined, mostFiles);
  const others = await Promise.all(found.filter((uri) => !known.has(uri.toString())).map(openDocument));
  return [...open, ...others.filter((document) => document !== null)].flatMap((document) => {
    const text = document.getText();
    return readCells(text).scopes.map(({ section, cell }) => {
      const file = document.isUntitled ? document.uri.path : workspace.asRelativePath(document.uri);
      return {
        label: section.name.text,
        description: cell ? file : l10n.t('{0}, has a mistake', file),
        picked: known.has(document.uri.toString()) && cell !== null,
        // The rest of the file is left out: its options for model and training would not be the same for all
        // cells.
        cell: {
          definition: text.slice(section.range.from, section.range.to),
          name: section.name.text,
        },
      };
    });
  });
}

async function askBudget(count: number): Promise<BudgetSettings | null> {
  const text = await inputLine({
    title: l10n.t('Compare Cells'),
    prompt: l10n.t('Budget of each of the {0} cells, in seconds, minutes or epochs', count),
    value: l10n.t('{0} s', 30),
    validateInput: (said) =>
      readBudget(said) ? undefined : l10n.t('Write it like `30 s`, `2 min` or `5 epochs`.'),
  });
  return text === undefined ? null : readBudget(text);
}

/** Returns each run with the folder of its model. A run that fails does not stop the others. */
async function trainAll(
  { training, overlay }: Comparison,
  source: SourceText,
  cells: readonly OwnCell[],
  { seconds, epochs, task }: BudgetSettings & { readonly task: TaskChoice | null },
): Promise<{ directory: string; run: RunSnapshot }[]> {
  const { runs } = training;
  const done: { directory: string; run: RunSnapshot }[] = [];
  await withProgress(l10n.t('Comparing cells on {0}', source.title), async (progress, token) => {
    const reportAll = throttled(progress);
    let said = '';
    const report = (share: number, message = said) => {
      said = message;
      reportAll((done.length + share) / cells.length, message);
    };
    const listener = runs.onDidUpdate(({ snapshot }) => report(snapshot.progress?.fraction ?? 0));
    token.onCancellationRequested(() => runs.stop());
    try {
      for (const cell of cells) {
        if (token.isCancellationRequested) return;
        report(0, l10n.t('{0} ({1} of {2})', cell.name, done.length + 1, cells.length));
        const budget = { 'train.seconds': seconds, 'train.epochs': epochs };
        const request = {
          ...requestFor(training, source, cell, budget),
          ...(task && { task }),
          compared: true,
        };
        await runs.start(request);
        // The user may have begun another training, which ends the comparison.
        if (runs.directory !== request.directory) return;
        const { directory } = request;
        done.push({ directory, run: runs.snapshot! });
        overlay.lay(directory, runs.snapshot!);
      }
    } finally {
      listener.dispose();
    }
  });
  return done;
}

async function sayBest(
  { choices }: Comparison,
  source: SourceText,
  runs: readonly { directory: string; run: RunSnapshot }[],
): Promise<void> {
  const ranked = runs
    .flatMap(({ directory, run }) => {
      const outcome = run.status.kind === 'ended' ? outcomeOf(run) : null;
      return outcome ? [{ directory, title: run.title, outcome }] : [];
    })
    // All are trained on one text, and so for one task and metric.
    .sort((a, b) => -advantage(a.outcome.metric, a.outcome.value, b.outcome.value));
  const failed = runs.length - ranked.length;
  if (ranked.length === 0) {
    if (failed > 0)
      void say.error(l10n.t('None of the cells could be trained. The table in the panel says why.'));
    return;
  }
  const [{ directory, title, outcome }] = ranked;
  const use = l10n.t('Use It for Suggestions');
  const answer = await say.information(
    l10n.t('Compared {0} cells: the best is {1}, with {2}.', runs.length, title, inFull(outcome)),
    use,
  );
  if (answer === use) await choices.use(directory, { kind: 'file', what: source.uri.toString() });
}
