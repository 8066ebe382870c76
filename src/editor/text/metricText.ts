// Writes names, units and values of metrics in the user's language.
import { l10n } from 'vscode';
import { bitsPerCharacter, writeMeasure, writeValue } from '../../protocol/metric.ts';
import type { Outcome } from '../../protocol/outcome.ts';

/** Returns a name or a unit in the user's language, where it is one that the editor knows. */
function term(text: string): string {
  switch (text) {
    case bitsPerCharacter:
      return l10n.t('bits per character');
    case 'exact match':
      return l10n.t('exact match');
    case 'loss':
      return l10n.t('loss');
    default:
      return text;
  }
}

/**
 * Writes a value with its name and unit, as in `1.43 bits per character` or `accuracy 0.93`.
 * @param digits how many digits there are after the point, where the value is not smaller
 */
export function inFull({ metric, value }: Outcome, digits = 2): string {
  return writeMeasure(metric, writeValue(value, digits), term);
}

/** Writes the same with units abbreviated, as in `1.43 bpc`. */
export function inShort({ metric, value }: Outcome): string {
  return writeMeasure(metric, writeValue(value), (text) =>
    text === bitsPerCharacter ? l10n.t('bpc') : term(text),
  );
}
