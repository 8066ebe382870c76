// The commands about the text in the editor: what they need is loaded with the first of them.
import { commands, Disposable } from 'vscode';
import { commands as names } from '../../contributions.ts';
import type { InText } from './index.ts';
import type { ReportSources } from './report.ts';

export function registerInText(sources: ReportSources): Disposable {
  let loading: Promise<InText> | null = null;
  const load = () => {
    loading ??= import('./index.ts').then(({ createInText }) => createInText(sources));
    return loading;
  };
  return Disposable.from(
    ...(['showSurprise', 'showUnit', 'generateText', 'report'] as const).map((name) =>
      commands.registerCommand(names[name], async (hide?: boolean) => (await load())[name](hide)),
    ),
    { dispose: () => void loading?.then((loaded) => loaded.dispose()) },
  );
}
