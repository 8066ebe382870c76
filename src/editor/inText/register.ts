// Registers the commands about the text in the editor. Their code is loaded when the first of them is run.
import { commands, Disposable } from 'vscode';
import { commands as names } from '../../contributions.ts';
import type { InText, InTextParts } from './index.ts';

export function registerInText(sources: InTextParts): Disposable {
  let loading: Promise<InText> | null = null;
  const load = () => {
    // The bundler makes a bundle of its own of what is imported by this path.
    loading ??= import('../inText/index.ts').then(({ createInText }) => createInText(sources));
    return loading;
  };
  return Disposable.from(
    ...(['showSurprise', 'showUnit', 'showTags', 'generateText', 'report'] as const).map((name) =>
      commands.registerCommand(names[name], async (hide?: boolean) => (await load())[name](hide)),
    ),
    { dispose: () => void loading?.then((loaded) => loaded.dispose()) },
  );
}
