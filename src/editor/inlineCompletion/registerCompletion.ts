// Registers the provider of suggestions. VS Code asks it at every key, and is told to ask again when the
// answer may have changed.
import {
  commands,
  Disposable,
  type Event,
  type InlineCompletionItemProvider,
  InlineCompletionTriggerKind,
  languages,
  workspace,
} from 'vscode';
import { settingsSection } from '../../contributions.ts';
import { Unanswered } from './unanswered.ts';
import { Unasked } from './unasked.ts';

/** The settings that determine whether there is a suggestion, and which one. */
const settings = ['completion', 'secrets'].map((name) => `${settingsSection}.${name}`);

/**
 * @param changes events of everything else that suggestions depend on, besides the text, its language and
 * settings
 */
export function registerCompletion(
  provider: InlineCompletionItemProvider,
  extensionId: string,
  changes: readonly Event<unknown>[],
): Disposable {
  const noting: InlineCompletionItemProvider = {
    provideInlineCompletionItems: async (document, position, context, token) => {
      unasked.asked(document);
      const isAutomatic = context.triggerKind === InlineCompletionTriggerKind.Automatic;
      const question = unanswered.question(document, position);
      if (isAutomatic) unanswered.asked(question);
      const items = await provider.provideInlineCompletionItems(document, position, context, token);
      const some = Array.isArray(items) ? items.length > 0 : !!items;
      if (some && !token.isCancellationRequested) unanswered.answered(question);
      else if (isAutomatic) unanswered.notAnswered(question);
      return items;
    },
  };
  const register = () => languages.registerInlineCompletionItemProvider({ pattern: '**' }, noting);
  let registration = register();
  const ask = () => {
    const asAtKey = { explicit: false, providerId: `${extensionId}:*` };
    void commands.executeCommand('editor.action.inlineSuggest.trigger', asAtKey);
  };
  const unasked = new Unasked(ask);
  const unanswered = new Unanswered(() => {
    // VS Code caches a provider's answer, even an empty one, while text and cursor stay the same. A provider
    // that is newly registered is asked again.
    registration.dispose();
    registration = register();
    ask();
  });
  return Disposable.from(
    unasked,
    unanswered,
    ...changes.map((change) => change(() => unanswered.changed())),
    workspace.onDidChangeConfiguration((event) => {
      if (settings.some((name) => event.affectsConfiguration(name))) unanswered.changed();
    }),
    { dispose: () => registration.dispose() },
  );
}
