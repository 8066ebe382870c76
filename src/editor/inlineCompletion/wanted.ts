import { type InlineCompletionContext, InlineCompletionTriggerKind, type TextDocument } from 'vscode';
import { isSecret } from '../settings/secrets.ts';
import { setting } from '../settings/settings.ts';
import type { Suggestions } from './suggestionState.ts';

/** Returns whether the user wants suggestions in the document now. */
export async function areWanted(
  document: TextDocument,
  { triggerKind }: Pick<InlineCompletionContext, 'triggerKind'>,
  { paused }: Pick<Suggestions, 'paused'>,
): Promise<boolean> {
  const asked = triggerKind === InlineCompletionTriggerKind.Invoke;
  if (!setting('completion.enabled', document)) return false;
  if (!asked && (paused || setting('completion.trigger', document) !== 'automatic')) return false;
  return !(await isSecret(document.uri));
}
