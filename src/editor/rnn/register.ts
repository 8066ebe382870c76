// Registers `.rnn` files and the commands about cells. Their code is loaded with the first such file or
// command.
import { commands, Disposable, type TextDocument, workspace } from 'vscode';
import { languageId, commands as names } from '../../contributions.ts';
import type { CellReference } from '../language/lenses.ts';
import type { Rnn, RnnParts } from './index.ts';

const ours = [
  'newCell',
  'trainWithCell',
  'checkGradients',
  'trace',
  'showGraph',
  'compareCells',
] as const satisfies (keyof Rnn)[];

export function registerRnn(parts: RnnParts): Disposable {
  let loading: Promise<Rnn> | null = null;
  const load = () => {
    // The bundler makes a bundle of its own of what is imported by this path.
    loading ??= import('../rnn/index.ts').then(({ createRnn }) => createRnn(parts));
    return loading;
  };
  const see = (document: TextDocument) => {
    if (document.languageId === languageId) void load();
  };
  workspace.textDocuments.forEach(see);
  return Disposable.from(
    workspace.onDidOpenTextDocument(see),
    ...ours.map((name) =>
      commands.registerCommand(names[name], async (reference?: CellReference) =>
        (await load())[name](reference),
      ),
    ),
    { dispose: () => void loading?.then((loaded) => loaded.dispose()) },
  );
}
