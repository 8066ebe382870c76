// Ghost text at the end of a table of numbers: the rows that a model expects next.
import {
  type CancellationToken,
  type InlineCompletionContext,
  InlineCompletionItem,
  InlineCompletionTriggerKind,
  type Position,
  type TextDocument,
} from 'vscode';
import { internalCommands } from '../../contributions.ts';
import type { Continuation } from '../../protocol/forecast.ts';
import { areWanted } from '../inlineCompletion/wanted.ts';
import { fewAndMany, suggestedRows } from './candidates.ts';
import { forecastRows } from './fillRows.ts';
import type { TableParts } from './parts.ts';

export async function suggestRows(
  { models, inspector, suggestions, diary }: TableParts,
  document: TextDocument,
  position: Position,
  context: InlineCompletionContext,
  token: CancellationToken,
): Promise<InlineCompletionItem[]> {
  const { version } = document;
  const model = models.for(document, 'forecast');
  if (!model || context.selectedCompletionInfo || !isAtEnd(document, position)) return [];
  if (!(await areWanted(document, context, suggestions)) || document.version !== version) return [];
  const abort = new AbortController();
  const listener = token.onCancellationRequested(() => abort.abort());
  try {
    const isAsked = context.triggerKind === InlineCompletionTriggerKind.Invoke;
    const { range, text: begun } = document.lineAt(position);
    const steps = Math.max(...fewAndMany);
    const asked = { line: position.line, begun, steps };
    const found = await forecastRows(inspector, model, document, asked, abort.signal);
    if (!found || found.rows.length === 0) return [];
    const texts = textsOf(found, isAsked);
    if (texts.length > 0) suggestions.show();
    return texts.map(
      (text) =>
        new InlineCompletionItem(text, range, {
          title: 'Count what was accepted',
          command: internalCommands.suggestionAccepted,
          arguments: [text.length - begun.length],
        }),
    );
  } catch (error) {
    diary.problem('suggestion', `No rows: ${(error as Error).message}`);
    return [];
  } finally {
    listener.dispose();
  }
}

/** Returns the suggestions, each of so many rows. @param isAsked whether the user wants alternatives */
const textsOf = ({ rows, before }: Continuation, isAsked: boolean): string[] =>
  suggestedRows(rows, isAsked).map(
    (count) =>
      before +
      rows
        .slice(0, count)
        .map(({ text }) => text)
        .join('\n'),
  );

/** Whether nothing but blank lines follows the cursor. */
const isAtEnd = (document: TextDocument, { line, character }: Position): boolean =>
  document.lineAt(line).text.length <= character && isLastRow(document, line);

/** Whether nothing but blank lines follows a line. */
export function isLastRow(document: TextDocument, line: number): boolean {
  for (let at = line + 1; at < document.lineCount; at++)
    if (document.lineAt(at).text.trim() !== '') return false;
  return true;
}
