// Truncated backpropagation through time: k1 and k2 as brackets over the stream of the text.
import type { Drawn, Spot } from '../figure/drawing.ts';
import { px, svg } from '../figure/svg.ts';
import type { Theme } from '../figure/theme.ts';
import { t } from '../words/l10n.ts';
import { visibleToken } from '../words/tokenText.ts';
import { updates, type Window, windowsOf } from './updateWindows.ts';

/** @param text the tokens of a passage, which are drawn along the end of the stream where there is room for each */
export function drawWindows(window: Window, text: readonly string[], width: number, theme: Theme): Drawn {
  const windows = windowsOf(window);
  const last = windows.at(-1)!.fresh[1];
  const margin = 8;
  const x = (step: number) => margin + (step / last) * (width - 2 * margin);
  const line = theme.fontSize * 1.5;
  const stream = 2.4 * line;
  const parts: SVGElement[] = [];
  const spots: Spot[] = [];
  const words = { 'font-family': theme.font, 'font-size': px(theme.fontSize * 0.85), fill: theme.foreground };
  const bracket = (from: number, to: number, y: number, height: number, stroke: string) =>
    svg('path', {
      d: `M${px(x(from) + 2)} ${px(y + height)} v${px(-height)} H${px(x(to) - 2)} v${px(height)}`,
      fill: 'none',
      stroke,
      'stroke-width': 2,
    });
  parts.push(
    svg('line', {
      x1: margin,
      x2: width - margin,
      y1: px(stream),
      y2: px(stream),
      stroke: theme.reference,
      'stroke-width': 1,
    }),
  );
  const begin = last - text.length;
  const signs = text.map(visibleToken);
  // A text of which only some letters can be drawn would mislead.
  const hasRoom = (0.7 * theme.fontSize * last) / (width - 2 * margin) <= 1;
  const isLegible = hasRoom && signs.every((sign) => [...sign].length === 1);
  for (let step = Math.max(0, begin); isLegible && step < last; step++)
    parts.push(
      svg(
        'text',
        {
          ...words,
          'font-family': theme.monospace,
          'text-anchor': 'middle',
          fill: theme.reference,
          x: px(x(step + 0.5)),
          y: px(stream + theme.fontSize),
        },
        signs[step - begin],
      ),
    );
  for (const [index, { fresh, back }] of windows.entries()) {
    const above = stream - 10;
    parts.push(bracket(fresh[0], fresh[1], above, 6, theme.several[0]));
    parts.push(
      svg(
        'text',
        { ...words, 'text-anchor': 'middle', x: px(x((fresh[0] + fresh[1]) / 2)), y: px(above - 5) },
        `k1 = ${window.k1}`,
      ),
    );
    const below = stream + line + 6 + index * (line + 4);
    parts.push(bracket(back[0], back[1], below, -6, theme.several[1]));
    parts.push(
      svg(
        'text',
        {
          ...words,
          'text-anchor': 'middle',
          x: px(x((back[0] + back[1]) / 2)),
          y: px(below + theme.fontSize),
        },
        `k2 = ${window.k2}`,
      ),
    );
    spots.push(
      {
        x: x((fresh[0] + fresh[1]) / 2),
        y: above,
        says: () => t('Update {0} comes {1} steps after the one before.', index + 1, window.k1),
      },
      {
        x: x((back[0] + back[1]) / 2),
        y: below,
        says: () => t('The gradient of update {0} goes back over {1} steps.', index + 1, window.k2),
      },
    );
  }
  return { height: stream + line + 6 + updates * (line + 4) + 4, parts, spots };
}
