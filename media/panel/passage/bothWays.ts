// Draws what a bidirectional layer knows at one token: how strongly its loss depends on the state at each token, of the cell
// that reads from the start and of the one that reads from the end.

import type { Drawn, Spot } from '../figure/drawing.ts';
import { px, svg } from '../figure/svg.ts';
import type { Theme } from '../figure/theme.ts';
import { t } from '../words/l10n.ts';
import { visibleToken } from '../words/tokenText.ts';
import type { AroundOf } from './bothWaysText.ts';

/** The height of the bars of one direction, and of the tokens between them. */
const barHeight = 70;
const between = 26;
const top = 18;

/** The powers of ten that the height of a bar spans, below the strongest gradient. */
const decades = 3;

/** The narrowest column in pixels. */
const narrowest = 26;

export function drawBothWays({ tokens, around }: AroundOf, width: number, theme: Theme): Drawn {
  const letter = 0.55 * theme.fontSize;
  const longest = Math.max(...tokens.map((token) => visibleToken(token).length));
  const column = Math.max(narrowest, Math.min(90, longest * letter + 8));
  const side = Math.max(1, Math.floor((width / column - 1) / 2));
  const [first, last] = [
    Math.max(0, around.at - side),
    Math.min(around.forward.length - 1, around.at + side),
  ];
  const left = Math.max(0, (width - (last - first + 1) * column) / 2);
  const largest = Math.max(...around.forward, ...around.backward) || 1;
  const middle = top + barHeight;
  const parts: SVGElement[] = [];
  const spots: Spot[] = [];
  const words = { 'font-family': theme.font, 'font-size': px(theme.fontSize * 0.85) };
  const directions = [
    { values: around.forward, color: theme.training, says: t('reading from the start') },
    { values: around.backward, color: theme.several[1], says: t('reading from the end') },
  ];
  for (let at = first; at <= last; at++) {
    const x = left + (at - first) * column;
    const isMiddle = at === around.at;
    if (isMiddle)
      parts.push(
        svg('rect', {
          x: px(x),
          y: middle,
          width: px(column),
          height: between,
          rx: 3,
          fill: 'none',
          stroke: theme.foreground,
        }),
      );
    parts.push(
      svg(
        'text',
        {
          ...words,
          x: px(x + column / 2),
          y: px(middle + between / 2 + 0.3 * theme.fontSize),
          'text-anchor': 'middle',
          fill: theme.foreground,
          'font-weight': isMiddle ? 'bold' : 'normal',
        },
        visibleToken(tokens[at]).slice(0, Math.floor(column / letter)),
      ),
    );
    for (const [index, { values, color, says }] of directions.entries()) {
      const height = (barHeight - 4) * Math.max(0, 1 + Math.log10(values[at] / largest) / decades);
      const y = index === 0 ? middle - height : middle + between;
      parts.push(
        svg('rect', { x: px(x + 3), y: px(y), width: px(column - 6), height: px(height), fill: color }),
      );
      spots.push({
        x: x + column / 2,
        y: index === 0 ? middle - 12 : middle + between + 12,
        says: () => t('“{0}”, {1}: {2}', visibleToken(tokens[at]), says, Number(values[at].toPrecision(3))),
      });
    }
  }
  const bottom = middle + between + barHeight;
  parts.push(
    svg('text', { ...words, x: 4, y: theme.fontSize, fill: theme.training }, t('from the start →')),
    svg(
      'text',
      { ...words, x: width - 4, y: bottom, 'text-anchor': 'end', fill: theme.several[1] },
      t('← from the end'),
    ),
  );
  return { height: bottom + 4, parts, spots };
}
