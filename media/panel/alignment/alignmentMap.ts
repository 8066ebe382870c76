// Draws where a decoder looks in a source while it writes a target: the source across, the target down (Bahdanau et al.
// 2015).
import type { Alignment } from '../../../src/protocol/alignment.ts';
import type { Drawn, Spot } from '../figure/drawing.ts';
import { px, svg } from '../figure/svg.ts';
import type { Theme } from '../figure/theme.ts';
import { t } from '../words/l10n.ts';
import { visibleToken } from '../words/tokenText.ts';

const side = 16;
const left = 24;
const top = 20;

/** Returns a sign for a character; the end of a target has one, too. */
const sign = (character: string): string => (character === '' ? '⏎' : visibleToken(character).slice(0, 1));

/** The beginning of the source is drawn if there is no room for all of it. */
export function drawAlignment({ source, target, weights }: Alignment, width: number, theme: Theme): Drawn {
  const across = source.slice(0, Math.floor((width - left) / side));
  const text = {
    fill: theme.foreground,
    'font-family': theme.monospace,
    'font-size': px(theme.fontSize * 0.85),
    'text-anchor': 'middle',
  };
  const parts: SVGElement[] = [];
  const spots: Spot[] = [];
  for (const [column, character] of across.entries())
    parts.push(svg('text', { ...text, x: px(left + (column + 0.5) * side), y: top - 6 }, sign(character)));
  for (const [row, character] of target.entries()) {
    const y = top + row * side;
    parts.push(svg('text', { ...text, x: left / 2, y: px(y + 0.75 * side) }, sign(character)));
    for (const [column, read] of across.entries()) {
      const weight = weights[row][column];
      const x = left + column * side;
      parts.push(
        svg('rect', {
          x: px(x),
          y: px(y),
          width: side - 1,
          height: side - 1,
          fill: theme.several[0],
          'fill-opacity': weight.toFixed(2),
        }),
      );
      spots.push({
        x: x + side / 2,
        y: y + side / 2,
        says: () => t('“{0}” for “{1}”: {2}', sign(read), sign(character), weight.toFixed(2)),
      });
    }
  }
  return { parts, height: top + target.length * side + 4, spots };
}
