// Asks the user which texts a model is to complete.
import { l10n, Uri, window, workspace } from 'vscode';
import type { Manifest } from '../../store/manifest.ts';
import { uriOf } from '../runs/trainingText.ts';
import { inputLine, pick } from '../ui/quickInput.ts';
import type { Use } from './choices.ts';

/** Offers the active text first, then what the model was trained on; undefined if nothing was chosen. */
export async function chooseUse(provenance: Manifest['provenance']): Promise<Use | undefined> {
  const { uri, pattern, languageId } = provenance;
  const document = window.activeTextEditor?.document;
  const distinct = (each: readonly (string | null | undefined)[]) => [
    ...new Set(each.filter((one): one is string => !!one)),
  ];
  const files = distinct([
    document && uriOf(document).toString(),
    // The fragment names a part of a text; the use is for the whole text. A folder is no file.
    pattern === null ? uri?.replace(/#.*/, '') : null,
  ]);
  const languages = distinct([document?.languageId, languageId]);
  const picked = await pick(
    [
      ...files.map((what) => ({
        label: workspace.asRelativePath(Uri.parse(what)),
        description: l10n.t('this file'),
        use: { kind: 'file', what } as Use,
      })),
      ...languages.map((what) => ({
        label: what,
        description: l10n.t('all files of this language'),
        use: { kind: 'language', what } as Use,
      })),
      { label: l10n.t('Files by a glob …'), description: '**/*.log', use: undefined },
    ],
    {
      title: l10n.t('Use for Suggestions in'),
      matchOnDescription: true,
      placeHolder: l10n.t('Which texts the model completes'),
    },
  );
  if (!picked || picked.use) return picked?.use;
  const glob = await inputLine({
    title: l10n.t('Use for Suggestions in'),
    prompt: l10n.t('Files, as a glob'),
    value: '**/*.log',
    validateInput: (text) => (text.trim() === '' ? l10n.t('A glob such as `**/*.log`.') : undefined),
  });
  return glob === undefined ? undefined : { kind: 'glob', what: glob.trim() };
}
