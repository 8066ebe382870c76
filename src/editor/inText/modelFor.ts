import { commands, l10n, type TextDocument } from 'vscode';
import { commands as names } from '../../contributions.ts';
import type { Capability } from '../../protocol/capabilities.ts';
import type { Model, Models } from '../models/models.ts';
import { isSecret } from '../settings/secrets.ts';
import { say } from '../ui/messages.ts';

/**
 * Returns the document's model with a capability. Without a document or a model it tells the user what to do,
 * and returns null.
 */
export async function modelFor(
  models: Models,
  document: TextDocument | undefined,
  capability: Capability,
): Promise<Model | null> {
  if (!document) {
    void say.warning(l10n.t('Open a text first.'));
    return null;
  }
  if (!(await mayBeRead(document))) return null;
  const model = models.whenAsked(document, capability);
  if (model) return model;
  const train = l10n.t('Train on Current File');
  void say
    .information(l10n.t('No model completes this text yet.'), train)
    .then((answer) => answer && commands.executeCommand(names.train));
  return null;
}

/** Whether a model may read the document. The user is told why not. */
export async function mayBeRead(document: TextDocument): Promise<boolean> {
  if (!(await isSecret(document.uri))) return true;
  void say.warning(
    l10n.t(
      'This looks like a file with secrets, which no model reads. The setting `unroll.secrets` says which files are.',
    ),
  );
  return false;
}
