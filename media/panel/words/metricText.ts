// Writes names, units and values of metrics in the user's language.
import {
  abbreviation,
  type Baseline,
  bitsPerCharacter,
  freeRunningLoss,
  type Metric,
  writeMeasure,
  writeValue,
} from '../../../src/protocol/metric.ts';
import type { Outcome } from '../../../src/protocol/outcome.ts';
import { shown } from '../../../src/protocol/shownText.ts';
import { t } from './l10n.ts';

/** Returns a name or a unit in the user's language, where it is one that the panel knows. */
export function term(text: string): string {
  switch (text) {
    case bitsPerCharacter:
      return t('bits per character');
    case 'loss':
      return t('loss');
    case 'exact match':
      return t('exact match');
    case 'character error rate':
      return t('character error rate');
    case freeRunningLoss:
      return t('free-running loss');
    case 'copying the source':
      return t('copying the source');
    case 'commonest edit':
      return t('commonest edit');
    case 'unigram':
      return t('unigram');
    case 'uniform':
      return t('uniform');
    default:
      return shown(text);
  }
}

/** Returns the same, abbreviated where it is usual. */
const shortTerm = (text: string) => (text === bitsPerCharacter ? t('bpc') : term(text));

/** Writes a value with its name and unit, as in `1.43 bits per character` or `accuracy 0.93`. */
export function inFull({ metric, value }: Outcome): string {
  return writeMeasure(metric, writeValue(value), term);
}

/** Writes a value with its unit alone, as in `1.43 bpc` or `0.93`. */
export function withUnit({ unit }: Metric, value: string): string {
  return unit === '' ? value : `${value} ${shortTerm(unit)}`;
}

/** Returns the name with the unit, as the title of an axis. */
export function nameAndUnit({ name, unit }: Metric): string {
  return unit === '' || unit === name ? term(name) : `${term(name)} (${term(unit)})`;
}

/** Returns the abbreviated unit in parentheses, in English, for a heading of CSV; nothing for a pure number. */
export function csvUnit(unit: string): string {
  return unit === '' ? '' : ` (${abbreviation(unit)})`;
}

/** Says what a baseline does. */
export function describeBaseline({ name }: Baseline): string {
  switch (name) {
    case 'unigram':
      return t('character frequencies alone');
    case 'uniform':
      return t('a blind guess');
    case 'commonest class':
      return t('the commonest class');
    case 'commonest tag by word':
      return t('the commonest tag of each word');
    case 'copying the source':
      return t('copying the source');
    case 'commonest edit':
      return t('the commonest edit');
    case 'mean':
      return t('the mean');
    case 'linear regression':
      return t('a linear regression');
    case 'last value':
      return t('the last value');
    case 'seasonal last value':
      return t('the last value of the season');
    case 'linear autoregression':
      return t('a linear autoregression');
    default:
      return term(name);
  }
}
