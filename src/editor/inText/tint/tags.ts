// The tag of each token under the model that names the tags of the document.
import { l10n } from 'vscode';
import { colors } from '../../../contributions.ts';
import type { TokenTags } from '../../../protocol/inspector.ts';
import { join, markdown } from '../../ui/markdown.ts';
import type { InspectorClient } from '../../workers/inspectorClient.ts';
import { type Level, ofModel, strengths, swatch } from './styles.ts';
import type { Scale } from './tint.ts';

/** The most tags of the legend. */
const mostNamed = 24;

/** Each tag has a colour; where there are more tags than colours, a line tells those of one colour apart. */
const levels: readonly Level[] = Array.from({ length: strengths }, (_, strength) =>
  colors.tag.map(
    (color): Level => ({
      color,
      strength,
      side: 'bottom',
      ...(strength > 0 ? { line: 'editor.foreground' } : {}),
    }),
  ),
).flat();

const levelOf = (index: number): number => index % levels.length;

export const tagScale = (inspector: InspectorClient): Scale<TokenTags | null> => ({
  name: l10n.t('Unroll: Tags'),
  capability: 'tag',
  levels,
  lineEnds: false,
  async read({ directory, manifest }, passage, signal) {
    const reference = { model: directory, revision: manifest.weights };
    const found = await inspector.ask({ kind: 'tags', ...reference, passage }, signal);
    return found && { offsets: found.offsets, valueOf: (index) => found.tags[index] };
  },
  levelOf: (value) => value && levelOf(value.ranked[0].index),
  hover(value) {
    if (!value) return null;
    const { ranked, given } = value;
    const [best, ...others] = ranked.map(
      ({ tag, probability }) => `${tag} ${(100 * probability).toFixed(0)} %`,
    );
    const rest = others.length > 0 ? markdown`, ${others.join(', ')}` : markdown``;
    const written =
      given === null || given === ranked[0].tag
        ? markdown``
        : markdown`\n\n${l10n.t('Written here: {0}.', given)}`;
    return markdown`**${best}**${rest}${written}`.string();
  },
  summary(values, source) {
    const counts = new Map<string, { readonly index: number; count: number }>();
    for (const value of values) {
      if (!value) continue;
      const [{ tag, index }] = value.ranked;
      const known = counts.get(tag);
      if (known) known.count++;
      else counts.set(tag, { index, count: 1 });
    }
    const swatches = [...counts]
      .sort(([, a], [, b]) => b.count - a.count)
      .slice(0, mostNamed)
      .map(([tag, { index, count }]) => swatch(levels[levelOf(index)], `${tag} ${count}`));
    const legend = markdown`${l10n.t('The likeliest tag of each token, and how often each is in view.')} ${ofModel(source)}\n\n${join(swatches, ' ')}\n\n${l10n.t('Select to hide.')}`;
    return { text: l10n.t('Tags'), legend: legend.string({ html: true }) };
  },
});
