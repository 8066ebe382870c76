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
import { inlineSuggestEnabled } from './wanted.ts';

/** The settings that determine whether there is a suggestion, and which one. */
const settings = [
  ...['completion', 'secrets'].map((name) => `${settingsSection}.${name}`),
  inlineSuggestEnabled,
];

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
    provideInlineCompletionItems: async (document, position, of, token) => {
      unasked.asked(document);
      const isRepeated = awaited !== null && of.triggerKind === InlineCompletionTriggerKind.Invoke;
      if (isRepeated) awaited = null;
      const context = isRepeated ? { ...of, triggerKind: InlineCompletionTriggerKind.Automatic } : of;
      const isAutomatic = context.triggerKind === InlineCompletionTriggerKind.Automatic;
      const question = unanswered.question(document, position);
      if (isAutomatic) unanswered.asked(question);
      else unanswered.userAsks();
      try {
        const items = await provider.provideInlineCompletionItems(document, position, context, token);
        const some = Array.isArray(items) ? items.length > 0 : !!items;
        if (some && !token.isCancellationRequested) unanswered.answered(question);
        else if (isAutomatic) unanswered.notAnswered(question);
        return items;
      } finally {
        if (!isAutomatic) unanswered.userIsAnswered();
      }
    },
  };
  const register = () => languages.registerInlineCompletionItemProvider({ pattern: '**' }, noting);
  let registration = register();
  /** @param explicit as when the user asks, whereby what another extension shows stays in front */
  const ask = (explicit: boolean) =>
    commands.executeCommand('editor.action.inlineSuggest.trigger', {
      explicit,
      providerId: `${extensionId}:*`,
    });
  /** The repeated request that VS Code is to make next: to VS Code it is explicit, but no user has made it. */
  let awaited: object | null = null;
  const repeat = async () => {
    const request = {};
    awaited = request;
    try {
      await ask(true);
    } finally {
      // Another one may have been repeated since.
      if (awaited === request) awaited = null;
    }
  };
  const unasked = new Unasked(() => ask(false));
  const unanswered = new Unanswered(({ isAsked }) => {
    // VS Code caches a provider's answer, even an empty one, while text and cursor stay the same. A provider
    // that is newly registered is asked again. Without any, VS Code would open its list of suggestions.
    const earlier = registration;
    registration = register();
    earlier.dispose();
    void (isAsked ? repeat() : ask(false));
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
