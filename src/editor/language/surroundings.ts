import { Disposable, workspace } from 'vscode';
import { builtinCells } from '../../cells/index.ts';
import { settingsSection } from '../../contributions.ts';
import { readCells } from '../../language/check.ts';
import type { Models } from '../models/models.ts';
import type { Surroundings } from './documents.ts';

/**
 * Returns the network that the settings describe, the built-in cells, and the size of the newest model's
 * vocabulary.
 */
export const surroundings = (models: Models): Surroundings => ({
  model(document) {
    const settings = workspace.getConfiguration(`${settingsSection}.model`, document);
    const lines = ['layers', 'embedding'].map((name) => `${name} = ${settings.get(name)}`);
    return readCells(['model', ...lines].join('\n')).model;
  },
  vocabulary: () => models.all[0]?.manifest.vocabulary?.characters.length,
  cells: () => builtinCells.keys(),
  onDidChange: (listener) =>
    Disposable.from(
      models.onDidChange(() => listener()),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(settingsSection)) listener();
      }),
    ),
});
