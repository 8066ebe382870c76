// Draws the equations of a cell as a graph: a box for each line, one below the other, and an arrow for each vector that
// it reads. What is read of the same step comes along the left, from above; what is read of an earlier step comes back
// along the right, which is where a network is recurrent (an arc diagram, Wattenberg 2002).
import type { EquationNode, ReadVector } from '../../src/protocol/laboratory.ts';
import type { Drawn, Spot } from '../panel/figure/drawing.ts';
import { px, svg } from '../panel/figure/svg.ts';
import type { Theme } from '../panel/figure/theme.ts';
import { t } from '../panel/words/l10n.ts';

/** The distances in pixels: between two boxes, and from a box's text to its border. */
const gap = 22;
const padding = 10;

/** The largest share of the width that the arrows of one side take. */
const mostAside = 0.18;

/** A row of the drawing: an equation, or a vector that no equation gives, such as the input. */
interface Row {
  readonly key: string;
  readonly text: string;
  readonly equation: EquationNode | null;
}

/** An arrow from one row to another. */
interface Arc {
  readonly from: number;
  readonly to: number;
  readonly lag: number;
}

/** @param open leads to a line of the file */
export function drawGraph(
  equations: readonly EquationNode[],
  width: number,
  theme: Theme,
  open: (line: number) => void,
): Drawn {
  const font = theme.fontSize * 0.95;
  const letter = 0.61 * font;
  const height = 2.2 * font;
  const rows = rowsOf(equations);
  const arcs = arcsOf(rows);
  const longest = Math.max(1, ...arcs.map(({ from, to }) => Math.abs(to - from)));
  const aside = Math.min(mostAside * width, 24 + 9 * longest);
  const wanted = Math.max(...rows.map(({ text }) => text.length)) * letter + 2 * padding;
  const box = { x: aside, width: Math.min(wanted, width - 2 * aside), height };
  const letters = Math.floor((box.width - 2 * padding) / letter);
  const top = (row: number) => 2 + row * (height + gap);
  const parts = arcs.map((arc) => drawArc(arc, rows[arc.from], { ...box, top, aside, longest }, theme));
  const spots: Spot[] = [];
  for (const [row, { key, text, equation }] of rows.entries()) {
    const y = top(row);
    const isOutput = equation?.isOutput ?? false;
    const color = equation ? (isOutput ? theme.several[1] : theme.training) : theme.reference;
    parts.push(
      svg('rect', {
        x: px(box.x),
        y: px(y),
        width: px(box.width),
        height: px(height),
        rx: 4,
        fill: `color-mix(in srgb, ${color} 12%, transparent)`,
        stroke: color,
        'stroke-width': isOutput ? 2 : 1,
        ...(equation ? {} : { 'stroke-dasharray': '4 3' }),
      }),
      svg(
        'text',
        {
          x: px(box.x + padding),
          y: px(y + height / 2 + 0.35 * font),
          'font-family': theme.monospace,
          'font-size': px(font),
          fill: theme.foreground,
        },
        text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`,
      ),
    );
    spots.push({
      x: box.x,
      y: y + height / 2,
      width: box.width,
      says: () => (equation ? saysOf(equation) : sourceSays(key)),
      ...(equation ? { act: () => open(equation.line) } : {}),
    });
  }
  return { height: top(rows.length - 1) + height + 4, parts, spots };
}

/** Returns a vector as it is written. */
function keyOf({ name, lag, index }: ReadVector): string {
  if (index === null) return name;
  return lag === 0 ? `${name}[${index}]` : `${name}[${index}-${lag}]`;
}

/** Returns the vector that an equation gives, as it is written. */
const keyOfEquation = ({ name, index }: EquationNode): string => keyOf({ name, index, lag: 0 });

/** Returns the vectors that no equation gives, and then the equations. */
function rowsOf(equations: readonly EquationNode[]): Row[] {
  const names = new Set(equations.map(({ name }) => name));
  const sources = new Set(
    equations.flatMap(({ reads }) => reads.flatMap((read) => (names.has(read.name) ? [] : [keyOf(read)]))),
  );
  return [
    ...[...sources].map((key) => ({ key, text: key, equation: null })),
    ...equations.map((equation) => ({ key: keyOfEquation(equation), text: equation.equation, equation })),
  ];
}

function arcsOf(rows: readonly Row[]): Arc[] {
  const places = new Map(rows.map(({ key }, row) => [key, row]));
  return rows.flatMap(({ equation }, to) =>
    (equation?.reads ?? []).map((read) => {
      // A vector of an earlier step comes from the line that gives it.
      const from = places.get(keyOf(read)) ?? places.get(keyOf({ ...read, lag: 0 }))!;
      return { from, to, lag: read.lag };
    }),
  );
}

interface Place {
  readonly x: number;
  readonly width: number;
  readonly height: number;
  readonly aside: number;
  readonly longest: number;
  top(row: number): number;
}

/** Draws an arrow beside the boxes: on the left within a step, on the right and dashed into the next one. */
function drawArc({ from, to, lag }: Arc, source: Row, place: Place, theme: Theme): SVGElement {
  const isBack = lag > 0 && source.equation !== null;
  const side = isBack ? 1 : -1;
  const edge = isBack ? place.x + place.width : place.x;
  const [y1, y2] = [place.top(from) + 0.68 * place.height, place.top(to) + 0.32 * place.height];
  const reach = side * (20 + (place.aside - 24) * (Math.abs(to - from) / place.longest) * 1.25);
  return svg(
    'g',
    {},
    svg('path', {
      d: `M${px(edge)},${px(y1)} C${px(edge + reach)},${px(y1)} ${px(edge + reach)},${px(y2)} ${px(edge + side * 6)},${px(y2)}`,
      stroke: isBack ? theme.several[3] : theme.foreground,
      'stroke-opacity': 0.75,
      'stroke-width': 1.2,
      fill: 'none',
      ...(lag > 0 ? { 'stroke-dasharray': '5 4' } : {}),
    }),
    svg('path', {
      d: `M${px(edge + side * 7)},${px(y2 - 3.5)} L${px(edge + side)},${px(y2)} L${px(edge + side * 7)},${px(y2 + 3.5)} Z`,
      fill: isBack ? theme.several[3] : theme.foreground,
    }),
  );
}

function saysOf({ equation, line, reads, isOutput }: EquationNode): string {
  const read = reads.map(keyOf).join(', ');
  const what =
    read === ''
      ? t('Line {0}: {1}.', line, equation)
      : t('Line {0}: {1}. It reads {2}.', line, equation, read);
  return isOutput ? `${what} ${t('The layer above reads it.')}` : what;
}

/** Says what a vector is that no equation gives. */
function sourceSays(key: string): string {
  switch (key) {
    case 'x[t]':
      return t('x[t]: the input of this step');
    case 'm[s]':
      return t('m[s]: what the encoder wrote at each position of the source');
    case 'given':
      return t('given: what the decoder starts from');
    default:
      return t('{0}: from an earlier step', key);
  }
}
