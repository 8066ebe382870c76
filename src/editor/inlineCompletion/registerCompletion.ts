// The provider of suggestions as VS Code knows it: asked at every key, and again when the answer may be another.
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

/** Settings that decide whether there is a suggestion, and which. */
const settings = ['completion', 'secrets'].map((name) => `${settingsSection}.${name}`);

/** @param changes of what suggestions depend on besides the text, its language and the settings */
export function registerCompletion(
  provider: InlineCompletionItemProvider,
  extensionId: string,
  changes: readonly Event<unknown>[],
): Disposable {
  const noting: InlineCompletionItemProvider = {
    provideInlineCompletionItems: async (document, position, context, token) => {
      unasked.asked(document);
      const question = unanswered.question(document, position);
      const items = await provider.provideInlineCompletionItems(document, position, context, token);
      const some = Array.isArray(items) ? items.length > 0 : !!items;
      if (some && !token.isCancellationRequested) unanswered.answered(question);
      else if (context.triggerKind === InlineCompletionTriggerKind.Automatic)
        unanswered.notAnswered(question);
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
    // VS Code remembers what a provider has answered, if with nothing, for as long as text and cursor stay what they
    // are. It asks one that is new.
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
