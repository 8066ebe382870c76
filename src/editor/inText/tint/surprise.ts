// The surprise of each token under the model that completes the document.
import { l10n, type TextDocument } from 'vscode';
import { shown as shownText } from '../../../protocol/shownText.ts';
import { setting } from '../../settings/settings.ts';
import { codeBlock, join, markdown } from '../../ui/markdown.ts';
import type { InspectorClient } from '../../workers/inspectorClient.ts';
import { lineEnd, ofModel, surpriseLevels, swatch } from './styles.ts';
import type { Scale } from './tint.ts';

interface Surprise {
  readonly bits: number;
  /** The tokens that were expected instead, likeliest first. */
  readonly expected: readonly { readonly text: string; readonly probability: number }[];
}

/**
 * The lowest surprise of each level, in bits. Below 1 bit, a probability above one half, nothing is shown.
 */
const thresholds = [1, 2, 4, 8];

/** @param document the text that is coloured, whose folder may have settings of its own */
export const surpriseScale = (inspector: InspectorClient, document: TextDocument): Scale<Surprise> => ({
  name: l10n.t('Unroll: Surprise'),
  capability: 'surprise',
  levels: surpriseLevels,
  lineEnds: true,
  async read({ directory, manifest }, passage, signal) {
    const ensemble = setting('surprise.of', document) === 'company';
    const reference = { model: directory, revision: manifest.weights };
    const found = await inspector.ask({ kind: 'surprise', ...reference, passage, ensemble }, signal);
    if (!found) return null;
    const { bits, expected, probabilities, texts } = found;
    const named = bits.length > 0 ? expected.length / bits.length : 0;
    return {
      offsets: found.offsets,
      valueOf: (index) => ({
        bits: bits[index],
        expected: Array.from({ length: named }, (_, rank) => index * named + rank)
          .filter((at) => expected[at] >= 0)
          .map((at) => ({ text: texts[expected[at]], probability: probabilities[at] })),
      }),
    };
  },
  levelOf({ bits }) {
    const level = thresholds.findLastIndex((threshold) => bits >= threshold);
    return level < 0 ? null : level;
  },
  hover({ bits, expected }, text) {
    const rows = [{ text, probability: 2 ** -bits }, ...expected].map(
      ({ text, probability }) => `${visibleToken(text).padEnd(12)} ${percent(probability).padStart(8)}`,
    );
    const shown = bits.toFixed(2);
    const heading = /^\r?\n$/.test(text)
      ? l10n.t('Surprise of the end of the line: {0} bits. Expected instead:', shown)
      : l10n.t('Surprise: {0} bits. Expected instead:', shown);
    return markdown`${heading}${codeBlock([rows[0], '', ...rows.slice(1)].join('\n'), 'text')}`.string();
  },
  summary(values, source) {
    const mean = values.reduce((sum, { bits }) => sum + bits, 0) / Math.max(1, values.length);
    const labels = thresholds.map((from, level) =>
      level + 1 < thresholds.length
        ? l10n.t('{0} to {1} bits', from, thresholds[level + 1])
        : l10n.t('{0} bits and more', from),
    );
    const of =
      setting('surprise.of', document) === 'company'
        ? l10n.t('Surprise of what completes this text: the network, with exact counts and matches.')
        : l10n.t('Surprise of the network alone, without what is recalled word for word.');
    const swatches = join(
      surpriseLevels.map((level, index) => swatch(level, labels[index])),
      ' ',
    );
    const rest = l10n.t('No colour: a probability of one half or more. Select to hide.');
    const legend = markdown`${of} ${ofModel(source)}\n\n${swatches}\n\n${rest} [${l10n.t('Change')}](command:workbench.action.openSettings?%22unroll.surprise%22)`;
    return {
      text: l10n.t('Surprise {0} bits', mean.toFixed(2)),
      legend: legend.string({ enabledCommands: ['workbench.action.openSettings'], html: true }),
    };
  },
});

/** Replaces invisible characters by signs. */
function visibleToken(text: string): string {
  if (text === '') return l10n.t('(unknown)');
  return shownText(text.replaceAll(' ', '␣').replaceAll('\t', '⇥').replace(/\r?\n/g, lineEnd));
}

function percent(probability: number): string {
  return `${(100 * probability).toPrecision(probability < 0.0999 ? 2 : 3)} %`;
}
