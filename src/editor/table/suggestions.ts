// Ghost text for a cell that is still empty, or that has been begun.
import {
  type CancellationToken,
  type InlineCompletionContext,
  InlineCompletionItem,
  InlineCompletionTriggerKind,
  type Position,
  Range,
  type TextDocument,
} from 'vscode';
import { internalCommands } from '../../contributions.ts';
import type { Candidate } from '../../protocol/rows.ts';
import { areWanted } from '../inlineCompletion/wanted.ts';
import { setting } from '../settings/settings.ts';
import { candidatesFor, leastSharpness, rowAt, surenessOf } from './candidates.ts';
import { fillRows } from './fillRows.ts';
import type { TableParts } from './parts.ts';

/** The most suggestions when the user asks for them. */
const choices = 4;

export async function suggestInCell(
  { models, inspector, suggestions, diary }: TableParts,
  document: TextDocument,
  position: Position,
  context: InlineCompletionContext,
  token: CancellationToken,
): Promise<InlineCompletionItem[]> {
  const { version } = document;
  const model = models.for(document, 'fill');
  if (!model || context.selectedCompletionInfo || !(await areWanted(document, context, suggestions)))
    return [];
  if (document.version !== version) return [];
  const abort = new AbortController();
  const listener = token.onCancellationRequested(() => abort.abort());
  try {
    const { line, character } = position;
    const filled = await fillRows(inspector, model, document, [line, line + 1], 'missing', abort.signal);
    const row = filled && rowAt(filled.rows, { line, character });
    if (!row) return [];
    const candidates = candidatesFor(row);
    const isAsked = context.triggerKind === InlineCompletionTriggerKind.Invoke;
    const least = setting('completion.confidence', document);
    const isSure = ({ probability }: Candidate) =>
      probability === null ? surenessOf(row) >= leastSharpness : probability >= least;
    const sure = candidates.filter((candidate) => isAsked || isSure(candidate));
    if (sure.length > 0) suggestions.show();
    const { from, to } = row.cell!;
    const range = new Range(from.line, from.character, to.line, to.character);
    return sure.slice(0, isAsked ? choices : 1).map(
      ({ text }) =>
        new InlineCompletionItem(text, range, {
          title: 'Count what was accepted',
          command: internalCommands.labelAccepted,
          arguments: [document.uri.toString(), text.length - document.getText(range).length],
        }),
    );
  } catch (error) {
    diary.problem('suggestion', `No label: ${(error as Error).message}`);
    return [];
  } finally {
    listener.dispose();
  }
}
