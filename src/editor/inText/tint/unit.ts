// The activation of one hidden unit after each token.
import { l10n } from 'vscode';
import { type Feature, leastCorrelation, type Unit } from '../../../protocol/inspector.ts';
import { join, markdown } from '../../ui/markdown.ts';
import type { InspectorClient } from '../../workers/inspectorClient.ts';
import { ofModel, swatch, unitLevels } from './styles.ts';
import type { Scale } from './tint.ts';

export const unitScale = (inspector: InspectorClient, unit: Unit): Scale<number> => ({
  name: l10n.t('Unroll: Unit'),
  capability: 'units',
  levels: unitLevels,
  // Nearly every line end has an activation, so signs at all of them would hide the text.
  lineEnds: false,
  async read({ directory, manifest }, passage, signal) {
    const reference = { model: directory, revision: manifest.weights };
    const request = { kind: 'activations', ...reference, passage, unit: unit.index } as const;
    const found = await inspector.ask(request, signal);
    return found && { offsets: found.offsets, valueOf: (index) => found.activations[index] };
  },
  /** Divides the scale into seven parts, of which the middle one has no colour. */
  levelOf(activation) {
    const part = Math.min(6, Math.max(0, Math.floor(((activation / unit.scale + 1) * 7) / 2)));
    return part === 3 || Number.isNaN(part) ? null : part > 3 ? part - 1 : part;
  },
  hover: (activation) =>
    markdown`${nameOf(unit)}: ${activation.toFixed(3)} (±${unit.scale.toFixed(2)})`.string(),
  summary(_, source) {
    const ends: Partial<Record<number, string>> = {
      0: `−${unit.scale.toFixed(2)}`,
      5: `+${unit.scale.toFixed(2)}`,
    };
    const swatches = join(unitLevels.map((level, index) => swatch(level, ends[index] ?? '\u00a0')));
    const legend = markdown`${nameOf(unit)}: ${followingOf(unit)}. ${ofModel(source)}\n\n${swatches}\n\n${l10n.t('Select to hide.')}`;
    return { text: nameOf(unit), legend: legend.string({ html: true }) };
  },
});

export function nameOf({ layer, state, unit }: Unit): string {
  return layer === null
    ? l10n.t('Output, unit {0}', unit)
    : l10n.t('Layer {0}, {1}, unit {2}', layer, state, unit);
}

/** Names the feature that the unit correlates with, and the correlation. */
export function followingOf({ feature, correlation }: Unit): string {
  if (!feature) return l10n.t('never changes');
  if (Math.abs(correlation) < leastCorrelation) return l10n.t('follows nothing that has a name');
  return `${featureNames()[feature]}, r = ${correlation.toFixed(2).replace('-', '−')}`;
}

const featureNames = (): Readonly<Record<Feature, string>> => ({
  column: l10n.t('place in the line'),
  indentation: l10n.t('indentation'),
  quotes: l10n.t('inside quotes'),
  brackets: l10n.t('depth of brackets'),
  comment: l10n.t('inside a comment'),
  word: l10n.t('place in the word'),
  wordEnd: l10n.t('end of a word'),
  digit: l10n.t('after a digit'),
  upperCase: l10n.t('after a capital letter'),
  space: l10n.t('after a space'),
  lineEnd: l10n.t('beginning of a line'),
  vowel: l10n.t('after a vowel'),
});
