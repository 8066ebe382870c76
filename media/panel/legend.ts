// What stands before each name in a legend: the line with its dash and its marks, as they are drawn in the chart.
// Chart.js itself stretches a mark to the width of a line's sample.
import { Chart, type ChartDataset, type LegendItem, type Plugin } from 'chart.js';
import { type DrawPointOptions, drawPoint } from 'chart.js/helpers';
import type { XY } from './series.ts';

/** Pixels: the longest dash twice. */
export const sampleWidth = 28;

/** Where the names are: Chart.js knows, and does not say so in its types. */
interface Placed {
  readonly legendHitBoxes: readonly Box[];
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly height: number;
}

type Draw = (ctx: CanvasRenderingContext2D, x: number, y: number) => void;

/**
 * Draws the samples, each around a point, and lets the chart grow by the rows of its legend instead of the plot shrink.
 * @param samples those of a chart, in the order of the names
 */
export function legendOf(samples: (chart: Chart<'line', XY[]>) => readonly Draw[]): Plugin<'line'> {
  return {
    id: 'samples',
    afterLayout: ({ legend, canvas }) => {
      canvas.parentElement?.style.setProperty('--legend', `${legend?.height ?? 0}px`);
    },
    afterDraw: (chart) => {
      const { ctx, legend } = chart;
      const draws = samples(chart as Chart<'line', XY[]>);
      for (const [index, { left, top, height }] of (legend as unknown as Placed).legendHitBoxes.entries()) {
        ctx.save();
        draws[index](ctx, left + sampleWidth / 2, top + height / 2);
        ctx.restore();
      }
    },
  };
}

/** Of the lines and marks of a chart. */
export const linesLegend = legendOf(({ data }) =>
  data.datasets.map((dataset) => (ctx, x, y) => drawLine(ctx, dataset, x, y)),
);

/** Names with room for the samples, which Chart.js leaves free. */
export function legendItems(chart: Chart): LegendItem[] {
  return Chart.defaults.plugins.legend.labels
    .generateLabels(chart)
    .map((item) => ({ ...item, fillStyle: 'transparent', strokeStyle: 'transparent' }));
}

function drawLine(
  ctx: CanvasRenderingContext2D,
  dataset: ChartDataset<'line', XY[]>,
  x: number,
  y: number,
): void {
  const { borderColor, backgroundColor, borderWidth, borderDash, showLine } = dataset;
  const { pointRadius, pointStyle, pointBorderWidth = 1 } = dataset;
  ctx.strokeStyle = borderColor as string;
  ctx.fillStyle = backgroundColor as string;
  if (showLine !== false) {
    ctx.lineWidth = borderWidth as number;
    ctx.setLineDash((borderDash as number[] | undefined) ?? []);
    ctx.beginPath();
    ctx.moveTo(x - sampleWidth / 2, y);
    ctx.lineTo(x + sampleWidth / 2, y);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  ctx.lineWidth = pointBorderWidth as number;
  const mark = { pointStyle, radius: pointRadius, borderWidth: pointBorderWidth } as DrawPointOptions;
  if (mark.radius > 0) drawPoint(ctx, mark, x, y);
}
