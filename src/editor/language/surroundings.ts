import { workspace } from 'vscode';
import { builtinCells } from '../../cells/index.ts';
import { settingsSection } from '../../contributions.ts';
import { readCells } from '../../language/check.ts';
import type { Surroundings } from './documents.ts';

/** The network that the settings describe, of built-in cells. */
export const settingsSurroundings = (vocabulary: Surroundings['vocabulary']): Surroundings => ({
  model(document) {
    const settings = workspace.getConfiguration(`${settingsSection}.model`, document);
    const lines = ['layers', 'embedding'].map((name) => `${name} = ${settings.get(name)}`);
    return readCells(['model', ...lines].join('\n')).model;
  },
  vocabulary,
  cells: () => builtinCells.keys(),
});
