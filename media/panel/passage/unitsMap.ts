// A heat map of the units of a gate or a state by the positions of a passage, in which one sees a unit hold.
import type { ProbedPassage } from '../../../src/protocol/run.ts';
import { csv } from '../figure/csv.ts';
import type { Drawn, Spot } from '../figure/drawing.ts';
import { shades, stretches } from '../figure/shades.ts';
import { px, svg } from '../figure/svg.ts';
import type { Theme } from '../figure/theme.ts';
import { t } from '../words/l10n.ts';
import { visibleToken } from '../words/tokenText.ts';

const rowHeight = 11;
const left = 40;
const top = 16;

/** The narrowest column in pixels; where there is no room for all positions, the last ones are drawn. */
const narrowest = 8;

/** The part of a passage that is needed. */
export type UnitsOf = Pick<ProbedPassage, 'tokens' | 'read' | 'vectors'>;

export function drawUnits(passage: UnitsOf, name: string, width: number, theme: Theme): Drawn | null {
  const vector = passage.vectors[name];
  if (!vector || vector.units.length === 0) return null;
  const count = Math.min(passage.tokens.length, Math.floor((width - left) / narrowest));
  const first = passage.tokens.length - count;
  const column = Math.min(16, (width - left) / count);
  // A gate lies between −1 and 1; a memory may be larger.
  const largest = Math.max(1, ...vector.values.flat().map(Math.abs));
  const parts: SVGElement[] = [];
  const spots: Spot[] = [];
  const text = { fill: theme.foreground, 'font-family': theme.font, 'font-size': px(theme.fontSize * 0.75) };
  const monospace = { ...text, 'font-family': theme.monospace, 'text-anchor': 'middle' };
  const bottom = top + rowHeight * vector.units.length;
  for (const [row, unit] of vector.units.entries()) {
    const y = top + row * rowHeight;
    const values = vector.values[row].slice(first);
    parts.push(svg('text', { ...text, x: left - 6, y: y + 9, 'text-anchor': 'end' }, `${unit + 1}`));
    for (const { from, to, shade } of stretches(values, largest))
      if (shade !== 0)
        parts.push(
          svg('rect', {
            x: px(left + from * column),
            y: px(y),
            width: px((to - from) * column),
            height: rowHeight - 1,
            fill: shade > 0 ? theme.several[1] : theme.several[0],
            'fill-opacity': Math.abs(shade) / shades,
          }),
        );
    for (const [at, value] of values.entries())
      spots.push({
        x: left + (at + 0.5) * column,
        y: y + rowHeight / 2,
        says: () => t('unit {0} after “{1}”: {2}', unit + 1, visibleToken(passage.tokens[first + at]), value),
      });
  }
  for (let at = 0; at < count; at++)
    parts.push(
      svg(
        'text',
        { ...monospace, x: px(left + (at + 0.5) * column), y: bottom + theme.fontSize },
        visibleToken(passage.tokens[first + at]).slice(0, 1),
      ),
    );
  if (passage.read > first && passage.read < passage.tokens.length) {
    const x = px(left + (passage.read - first) * column);
    parts.push(
      svg('line', {
        x1: x,
        x2: x,
        y1: 0,
        y2: bottom + 4,
        stroke: theme.foreground,
        'stroke-dasharray': '3 3',
      }),
      svg('text', { ...text, x: x - 4, y: 10, 'text-anchor': 'end' }, t('reading')),
      svg('text', { ...text, x: x + 4, y: 10 }, t('writing')),
    );
  }
  return { height: bottom + 1.6 * theme.fontSize, parts, spots };
}

export function unitsCsv(passage: UnitsOf | undefined, name: string): string {
  const vector = passage?.vectors[name];
  return csv(
    ['position', 'token', ...(vector?.units.map((unit) => `unit ${unit + 1}`) ?? [])],
    passage?.tokens.map((token, at) => [at, token, ...(vector?.values.map((unit) => unit[at]) ?? [])]) ?? [],
  );
}
