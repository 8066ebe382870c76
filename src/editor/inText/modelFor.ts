import { commands, l10n, type TextDocument } from 'vscode';
import { commands as names } from '../../contributions.ts';
import type { Capability } from '../../protocol/capabilities.ts';
import type { Model, Models } from '../models/models.ts';
import { isSecret } from '../settings/secrets.ts';
import { say } from '../ui/messages.ts';

/** The capabilities that commands ask for in the text in front. */
export type AskedCapability = Extract<
  Capability,
  'generate' | 'surprise' | 'units' | 'fill' | 'tag' | 'rewrite'
>;

/**
 * Returns the document's model with a capability. Without a document or a model it tells the user what to do,
 * and returns null.
 */
export async function modelFor(
  models: Models,
  document: TextDocument | undefined,
  capability: AskedCapability,
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
    .information(lacking(models, document, capability), train)
    .then((answer) => answer && commands.executeCommand(names.train));
  return null;
}

/** Says that no model of the document has a capability, and what to train on for one that has it. */
function lacking(models: Models, document: TextDocument, capability: AskedCapability): string {
  switch (capability) {
    case 'generate':
    case 'surprise':
    case 'units':
      return models.for(document, 'suggest', 'fill', 'forecast')
        ? l10n.t(
            'This needs a language model, and the model of this text is of another kind. Train on the text as plain text to make one.',
          )
        : l10n.t('No model completes this text yet.');
    case 'fill':
      return l10n.t(
        'No model fills in or labels the rows of this text yet. Train on a table that has a column with some empty cells, or use the model of one for this text.',
      );
    case 'tag':
      return l10n.t(
        'No model names the tags of this text yet. Train on a text in which some tokens have tags, or use the model of one for this text.',
      );
    case 'rewrite':
      return l10n.t('No model rewrites texts yet. Train on a table with two columns of text.');
  }
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
