// The path of the last layer's state in the plane of its first two principal components.
import type { ProbedPassage } from '../../../src/protocol/run.ts';
import { csv } from '../figure/csv.ts';
import type { Drawn, Spot } from '../figure/drawing.ts';
import { px, svg } from '../figure/svg.ts';
import type { Theme } from '../figure/theme.ts';
import { t } from '../words/l10n.ts';
import { visibleToken } from '../words/tokenText.ts';

const margin = 16;
const fixedPointRadius = 7;

/** The least distance in pixels between two letters, below which the second one is a dot. */
const legible = 11;

export function drawPath(passage: ProbedPassage, width: number, theme: Theme): Drawn | null {
  const { path, tokens, read } = passage;
  if (!path) return null;
  const { fixedPoints = [] } = path;
  const height = Math.max(180, Math.min(360, width * 0.62));
  const scaleOf = (index: number, room: number) => {
    const values = [...path.points, ...fixedPoints.map(({ point }) => point)].map((point) => point[index]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return { middle: (low + high) / 2, pixels: (room - 2 * margin) / (high - low || 1) };
  };
  const [across, up] = [scaleOf(0, width), scaleOf(1, height - 24)];
  // Both components have one scale, so that distances are what they look like.
  const pixels = Math.min(across.pixels, up.pixels);
  const inPicture = ([a, b]: readonly number[]) => ({
    x: width / 2 + (a - across.middle) * pixels,
    y: (height + 24) / 2 - (b - up.middle) * pixels,
  });
  const at = path.points.map(inPicture);
  const parts: SVGElement[] = [];
  const spots: Spot[] = [];
  const colorOf = (index: number) => (index < read ? theme.training : theme.several[1]);
  const line = (from: number, to: number) =>
    svg('polyline', {
      points: at
        .slice(Math.max(0, from - 1), to)
        .map(({ x, y }) => `${px(x)},${px(y)}`)
        .join(' '),
      fill: 'none',
      stroke: colorOf(from),
      'stroke-width': 1.2,
      'stroke-opacity': 0.6,
    });
  parts.push(line(0, read), line(read, at.length));
  const letter = { 'font-size': px(theme.fontSize * 0.9), 'text-anchor': 'middle' };
  const lettered: { readonly x: number; readonly y: number }[] = [];
  for (const [index, { x, y }] of at.entries()) {
    const token = visibleToken(tokens[index]);
    const fill = colorOf(index);
    if (lettered.every((other) => Math.hypot(other.x - x, other.y - y) >= legible)) {
      lettered.push({ x, y });
      parts.push(
        svg('text', { ...letter, x: px(x), y: px(y + 4), fill, 'font-family': theme.monospace }, token),
      );
    } else parts.push(svg('circle', { cx: px(x), cy: px(y), r: 2, fill }));
    spots.push({
      x,
      y,
      says: () =>
        index < read
          ? t('position {0}, after reading “{1}”', index + 1, token)
          : t('position {0}, after writing “{1}”', index + 1, token),
    });
  }
  for (const { token, point } of fixedPoints) {
    const { x, y } = inPicture(point);
    const shown = visibleToken(token);
    parts.push(
      svg('circle', {
        ...{ cx: px(x), cy: px(y), r: fixedPointRadius, fill: 'none' },
        ...{ stroke: theme.validation, 'stroke-width': 2 },
      }),
    );
    spots.push({
      ...{ x, y },
      says: () => t('fixed point: while it reads “{0}” again and again, its state comes to rest here', shown),
    });
  }
  const legend: (readonly [color: string, words: string])[] = [
    [theme.training, t('while it reads')],
    ...(at.length > read ? [[theme.several[1], t('while it writes')] as const] : []),
    ...(fixedPoints.length > 0 ? [[theme.validation, t('fixed points')] as const] : []),
  ];
  const font = { 'font-family': theme.font, 'font-size': px(theme.fontSize * 0.85) };
  for (const [index, [fill, words]] of legend.entries())
    parts.push(svg('text', { ...font, x: 4, y: (1 + 1.3 * index) * theme.fontSize, fill }, words));
  return { height, parts, spots };
}

export function pathCsv(passage: ProbedPassage | undefined): string {
  return csv(
    ['position', 'token', 'kind', 'component 1', 'component 2'],
    passage?.path
      ? [
          ...passage.path.points.map((point, at) => [
            ...[at, passage.tokens[at], at < passage.read ? 'read' : 'written'],
            ...point,
          ]),
          ...(passage.path.fixedPoints ?? []).map(({ token, point }) => ['', token, 'fixed point', ...point]),
        ]
      : [],
  );
}
