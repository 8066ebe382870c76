// The style that all charts share.
import type {
  Chart,
  ChartDataset,
  ChartOptions,
  PointStyle,
  ScaleOptionsByType,
  TooltipItem,
} from 'chart.js';
import type { Theme } from '../figure/theme.ts';
import { legendItems, swatchWidth } from './legend.ts';
import type { Link } from './link.ts';
import type { XY } from './series.ts';

export function faint(color: string): string {
  return `color-mix(in srgb, ${color} 35%, transparent)`;
}

/** The dashes of the baselines' lines, from the first on. */
export const baselineDashes: readonly number[][] = [
  [8, 4],
  [2, 3],
  [8, 3, 2, 3],
];

/** A line with all its points, of which Chart.js gets those that can be seen. */
export interface Line {
  readonly points: readonly XY[];
  readonly style: Partial<ChartDataset<'line', XY[]>>;
}

export function line(label: string, points: readonly XY[], color: string, style: Line['style'] = {}): Line {
  return { points, style: { label, borderColor: color, backgroundColor: color, pointRadius: 0, ...style } };
}

export const marks = (pointStyle: PointStyle, pointRadius: number): Line['style'] => ({
  showLine: false,
  pointStyle,
  pointRadius,
  pointBorderWidth: 1.5,
  // A mark is drawn whole at the plot's edge too, where the best point is while a run still improves.
  clip: pointRadius + 2,
});

/** Returns the item of the line with the most points, which has a point nearest to the pointer. */
function closest(items: readonly TooltipItem<'line'>[]): TooltipItem<'line'> | undefined {
  return items.toSorted((a, b) => b.dataset.data.length - a.dataset.data.length)[0];
}

export interface Axes {
  readonly x: string;
  readonly y: string;
  readonly scale: 'linear' | 'logarithmic';
  /**
   * Returns the title of a tooltip; `describe` returns the text of a value, where `points` are those of its
   * line.
   */
  title(x: number): string;
  describe(value: number, points: readonly XY[]): string;
}

/**
 * Returns the label of a tick of a logarithmic axis: 1, 2 and 5 of each power of ten, short enough to fit
 * beside it.
 */
function decade(value: number | string): string {
  const [digit, power] = Number(Number(value).toPrecision(6)).toExponential().split('e');
  if (!['1', '2', '5'].includes(digit)) return '';
  return Math.abs(Number(power)) > 3 ? `${digit}e${Number(power)}` : `${Number(`${digit}e${power}`)}`;
}

/** Returns the label of a tick of an axis of steps. */
const whole = (value: number | string) => (Number.isInteger(value) ? value.toLocaleString('en') : '');

/**
 * Returns the options of a chart.
 * @param link links the charts whose x-axis is the steps, which zoom together; null for any other chart
 */
export function chartOptions(
  theme: Theme,
  { x, y, scale, title, describe }: Axes,
  link: Link | null,
): ChartOptions<'line'> {
  const font = { family: theme.font, size: theme.fontSize * 0.9 };
  const axis = (text: string) => ({
    grid: { color: theme.grid, tickLength: 4 },
    border: { color: theme.grid },
    ticks: { color: theme.foreground, font, maxRotation: 0 },
    title: { display: true, text, color: theme.foreground, font },
  });
  const moved = ({ chart: { scales } }: { chart: Chart }) => link?.show(scales.x.min, scales.x.max);
  return {
    color: theme.foreground,
    animation: false,
    parsing: false,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: 'nearestInEach' },
    scales: {
      x: {
        type: 'linear',
        min: 0,
        ...axis(x),
        // The x-axis ends where those of the other charts do, whatever its last number is.
        afterFit: (fitted: { paddingRight: number }) => {
          fitted.paddingRight = 2 * theme.fontSize;
        },
        // The ends of a range are rarely round numbers.
        ticks: { ...axis(x).ticks, includeBounds: false, callback: whole },
      },
      y: {
        type: scale,
        // The y-axis is as wide as that of the other charts, so that the same step is in the same place.
        afterFit: (fitted: { width: number }) => {
          fitted.width = 4.5 * theme.fontSize;
        },
        ...axis(y),
        ...(scale === 'logarithmic' ? { ticks: { ...axis(y).ticks, callback: decade } } : {}),
      } as unknown as ScaleOptionsByType<'linear'>,
    },
    plugins: {
      legend: {
        align: 'start',
        labels: {
          color: theme.foreground,
          font,
          boxWidth: swatchWidth,
          generateLabels: legendItems,
        },
      },
      tooltip: {
        position: 'nearest',
        backgroundColor: theme.tooltip,
        titleColor: theme.foreground,
        bodyColor: theme.foreground,
        borderColor: theme.foreground,
        borderWidth: 1,
        titleFont: font,
        bodyFont: font,
        boxPadding: 4,
        multiKeyBackground: 'transparent',
        callbacks: {
          title: (items) => title(closest(items)?.parsed.x ?? 0),
          label: ({ dataset, parsed: { x, y } }: TooltipItem<'line'>) =>
            `${dataset.label}: ${describe(y!, dataset.data as XY[])}${dataset.showLine === false ? ` (${title(x!)})` : ''}`,
        },
      },
      zoom: {
        limits: { x: { min: 0 } },
        pan: { enabled: link !== null, mode: 'x', onPanComplete: moved },
        zoom: {
          mode: 'x',
          wheel: { enabled: link !== null, modifierKey: 'ctrl' },
          drag: { enabled: link !== null, modifierKey: 'shift', backgroundColor: faint(theme.training) },
          pinch: { enabled: link !== null },
          onZoomComplete: moved,
        },
      },
    },
  };
}
