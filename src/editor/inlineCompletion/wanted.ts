import {
  type InlineCompletionContext,
  InlineCompletionTriggerKind,
  type TextDocument,
  workspace,
} from 'vscode';
import { isSecret } from '../settings/secrets.ts';
import { setting } from '../settings/settings.ts';
import type { Suggestions } from './suggestionState.ts';

/** VS Code's setting by which it asks for ghost text. A command shows ghost text even where it is off. */
export const inlineSuggestEnabled = 'editor.inlineSuggest.enabled';

/** Returns whether VS Code asks for ghost text in the document at all. */
export const isAskedFor = (document: TextDocument): boolean =>
  workspace.getConfiguration(undefined, document).get(inlineSuggestEnabled) === true;

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
