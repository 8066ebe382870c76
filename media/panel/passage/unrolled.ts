// The network unrolled in time: a column for each of the last steps that were read, a row for each state. An arrow is as
// strong as the gradient that flows back along it, and a node as the activation of its state.
import type { ProbePoint, RunStart } from '../../../src/protocol/run.ts';
import { csv } from '../figure/csv.ts';
import type { Drawn, Spot } from '../figure/drawing.ts';
import { arrowWidth, heatColor } from '../figure/heat.ts';
import { px, svg } from '../figure/svg.ts';
import type { Theme } from '../figure/theme.ts';
import { t } from '../words/l10n.ts';
import { readableName } from '../words/stateName.ts';
import { visibleToken } from '../words/tokenText.ts';

/** The sizes of the drawing in pixels. */
const rowHeight = 46;
const least = 38;
const most = 72;
const radius = 8;

/**
 * Returns the number of steps over which a look can be drawn unrolled: those that were read last, and have a gradient.
 * It is 0 where the network has no state.
 */
export function unrolledSteps({ gradientByLag, passage }: ProbePoint): number {
  const [norms] = Object.values(gradientByLag);
  return Math.min(norms?.length ?? 0, passage?.read ?? 0);
}

/** Draws as many steps as there is room for; null where there are fewer than two, between which an arrow could lead. */
export function drawUnrolled(
  probe: ProbePoint,
  equations: RunStart['equations'] = {},
  width: number,
  theme: Theme,
): Drawn | null {
  const { gradientByLag, passage } = probe;
  const states = Object.keys(gradientByLag);
  const steps = unrolledSteps(probe);
  if (!passage || steps < 2) return null;
  const names = states.map(readableName);
  const left = Math.min(
    width / 3,
    12 + 0.55 * theme.fontSize * Math.max(...names.map((name) => name.length)),
  );
  const count = Math.max(2, Math.min(steps, Math.floor((width - left - 24) / least)));
  const gap = Math.min(most, (width - left - 24) / (count - 1));
  const x = (column: number) => left + 12 + column * gap;
  // The first state is that of the first layer, which is drawn at the bottom.
  const y = (row: number) => 20 + rowHeight * (states.length - 1 - row);
  const bottom = y(0) + rowHeight;
  const parts: SVGElement[] = [];
  const spots: Spot[] = [];
  const write = (text: string, at: number, below: number, anchor: string, more = {}) =>
    svg(
      'text',
      {
        x: px(at),
        y: px(below),
        fill: theme.foreground,
        'font-family': theme.font,
        'font-size': px(theme.fontSize * 0.85),
        'text-anchor': anchor,
        ...more,
      },
      text,
    );
  for (const [row, state] of states.entries()) {
    const norms = gradientByLag[state];
    const activations = passage.activation[state] ?? [];
    // Each state has a scale of its own, since a memory is larger than what is let out of it.
    const largest = Math.max(...activations, Number.MIN_VALUE);
    parts.push(write(names[row], left - 6, y(row) + 4, 'end'));
    for (let column = 0; column < count; column++) {
      const lag = count - 1 - column;
      if (column > 0) {
        const ratio = norms[lag + 1] === undefined ? Number.NaN : norms[lag + 1] / norms[0];
        parts.push(arrow(x(column - 1) + radius, x(column) - radius, y(row), ratio, theme));
        spots.push({ x: x(column) - gap / 2, y: y(row), says: () => arrowSays(names[row], lag + 1, norms) });
      }
      const activation = activations.at(-1 - lag) ?? 0;
      const token = visibleToken(passage.tokens[passage.read - 1 - lag]);
      parts.push(
        svg('circle', {
          cx: px(x(column)),
          cy: px(y(row)),
          r: radius,
          fill: theme.training,
          'fill-opacity': (activation / largest).toFixed(2),
          stroke: theme.foreground,
          'stroke-width': 1,
        }),
      );
      const equation = equations[state] ? `   ${equations[state]}` : '';
      spots.push({
        x: x(column),
        y: y(row),
        says: () =>
          `${t('{0} after “{1}”: mean |value| {2}.', names[row], token, activation.toFixed(2))}${equation}`,
      });
    }
  }
  for (let column = 0; column < count; column++) {
    const token = visibleToken(passage.tokens[passage.read - count + column]);
    const stem = { x1: px(x(column)), x2: px(x(column)), stroke: theme.reference, 'stroke-width': 1 };
    for (const row of states.keys())
      parts.unshift(
        svg('line', {
          ...stem,
          y1: px(y(row) + radius),
          y2: px(row === 0 ? bottom - 14 : y(row - 1) - radius),
        }),
      );
    parts.push(write(token, x(column), bottom, 'middle', { 'font-family': theme.monospace }));
  }
  parts.push(
    write(t('the text, step by step →'), left - 6, bottom + 1.6 * theme.fontSize, 'start', {
      fill: theme.reference,
    }),
  );
  return { height: bottom + 2.2 * theme.fontSize, parts, spots };
}

/** Returns an arrow forward in time, along which the gradient flows back; a dashed one where it has vanished. */
function arrow(from: number, to: number, y: number, ratio: number, theme: Theme): SVGElement {
  const strength = arrowWidth(ratio);
  const [red, green, blue, alpha] = heatColor(ratio);
  const color = strength === 0 ? theme.reference : `rgb(${red},${green},${blue})`;
  const head = 4 + strength / 2;
  const opacity = strength === 0 ? 0.6 : Math.max(0.35, alpha / 255);
  return svg(
    'g',
    { stroke: color, fill: color, opacity: opacity.toFixed(2) },
    svg('line', {
      x1: px(from),
      x2: px(to - head),
      y1: px(y),
      y2: px(y),
      'stroke-width': px(Math.max(1, strength)),
      ...(strength === 0 ? { 'stroke-dasharray': '2 4' } : {}),
    }),
    svg('path', {
      d: `M${px(to)} ${px(y)} l${px(-head)} ${px(-head / 1.4)} v${px((2 * head) / 1.4)} z`,
      stroke: 'none',
    }),
  );
}

function arrowSays(name: string, lag: number, norms: readonly number[]): string {
  if (norms[lag] === undefined) return t('{0}, {1} steps back: not measured.', name, lag);
  return t(
    '{0}, {1} steps back: a gradient of {2}, {3} times that of the last step.',
    name,
    lag,
    norms[lag].toPrecision(2),
    (norms[lag] / norms[0]).toPrecision(2),
  );
}

/** Returns what the drawing shows as CSV, with a row for each state and step. */
export function unrolledCsv(probe: ProbePoint | undefined): string {
  const { gradientByLag = {}, passage } = probe ?? {};
  return csv(
    ['steps back', 'token', 'state', 'gradient norm', 'mean absolute activation'],
    Object.entries(gradientByLag).flatMap(([state, norms]) =>
      norms.flatMap((norm, lag) =>
        passage && lag < passage.read
          ? [
              [
                lag,
                passage.tokens[passage.read - 1 - lag],
                state,
                norm,
                passage.activation[state]?.at(-1 - lag),
              ],
            ]
          : [],
      ),
    ),
  );
}
