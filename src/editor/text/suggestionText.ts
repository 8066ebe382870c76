// Says what a model suggests, and when.
import { type ConfigurationScope, l10n } from 'vscode';
import type { Capability } from '../../protocol/capabilities.ts';
import { setting } from '../settings/settings.ts';

/**
 * The capabilities by which a model suggests something where the cursor is, and after them the one of a model that
 * forecasts the next row alone, and suggests nothing.
 */
const suggesting = ['suggest', 'suggest rows', 'fill', 'forecast'] as const satisfies readonly Capability[];

export type Suggesting = (typeof suggesting)[number];

/** Returns the first one that a model has; null if it suggests nothing, as it reads backward. */
export const suggestingOf = (capabilities: readonly Capability[]): Suggesting | null =>
  suggesting.find((each) => capabilities.includes(each)) ?? null;

/** @param scope the document that the model is for; null where it is not known */
export function suggestionText(how: Suggesting | null, scope: ConfigurationScope | null): string {
  if (how === null) return l10n.t('It reads backward and suggests nothing.');
  if (how === 'forecast')
    return l10n.t(
      'It reads columns that it does not predict, so that it suggests no rows: predict all that is read, or read only what is predicted.',
    );
  if (!setting('completion.enabled', scope))
    return l10n.t('Suggestions are off here: the setting `unroll.completion.enabled` turns them on.');
  return setting('completion.trigger', scope) === 'explicit' ? onRequest(how) : automatically(how);
}

function automatically(how: Exclude<Suggesting, 'forecast'>): string {
  switch (how) {
    case 'suggest':
      return l10n.t('Suggestions appear as you type.');
    case 'suggest rows':
      return l10n.t('The next rows are suggested at the end of the file.');
    case 'fill':
      return l10n.t('What is missing in a row is suggested where the cursor is.');
  }
}

function onRequest(how: Exclude<Suggesting, 'forecast'>): string {
  switch (how) {
    case 'suggest':
      return l10n.t('The command Trigger Inline Suggestion shows suggestions.');
    case 'suggest rows':
      return l10n.t('At the end of the file, the command Trigger Inline Suggestion shows the next rows.');
    case 'fill':
      return l10n.t(
        'Where the cursor is in a row, the command Trigger Inline Suggestion shows what is missing there.',
      );
  }
}
