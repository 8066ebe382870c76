// Files that are nobody's business: nothing is trained on them, and nothing is suggested in them.
import { languages, type TextDocument, type Uri } from 'vscode';
import { setting } from './settings.ts';

/** By the globs of the setting. */
export function isSecret(uri: Uri): boolean {
  // A file that is too large for the editor has no document; a pattern asks for nothing but its URI.
  const document = { uri, languageId: '' } as TextDocument;
  return setting('secrets', uri).some((pattern) => languages.match({ pattern }, document) > 0);
}
