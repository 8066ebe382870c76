// Draws the swatch before each name in a legend: the line with its dash and its marks, as in the chart.
// Chart.js itself stretches a mark to the width of a line's swatch.
import { Chart, type ChartDataset, type LegendItem, type Plugin } from 'chart.js';
import { type DrawPointOptions, drawPoint } from 'chart.js/helpers';
import type { XY } from './series.ts';

/** The width of a swatch in pixels, in which the longest dash fits twice. */
export const swatchWidth = 28;

/** The places of a legend's names, which Chart.js has but leaves out of its types. */
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
 * Returns a plugin that draws the swatches, each around a point, and makes the chart higher by the rows of its
 * legend so that the plot does not shrink.
 * @param swatches returns the swatches of a chart, in the order of the names
 */
export function legendOf(swatches: (chart: Chart<'line', XY[]>) => readonly Draw[]): Plugin<'line'> {
  return {
    id: 'swatches',
    afterLayout: ({ legend, canvas }) => {
      canvas.parentElement?.style.setProperty('--legend', `${legend?.height ?? 0}px`);
    },
    afterDraw: (chart) => {
      const { ctx, legend } = chart;
      const draws = swatches(chart as Chart<'line', XY[]>);
      for (const [index, { left, top, height }] of (legend as unknown as Placed).legendHitBoxes.entries()) {
        ctx.save();
        draws[index](ctx, left + swatchWidth / 2, top + height / 2);
        ctx.restore();
      }
    },
  };
}

/** The legend of a chart's lines and marks. */
export const linesLegend = legendOf(({ data }) =>
  data.datasets.map((dataset) => (ctx, x, y) => drawLine(ctx, dataset, x, y)),
);

/** Returns the names of a legend with transparent boxes, so that there is free room for the swatches. */
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
    ctx.moveTo(x - swatchWidth / 2, y);
    ctx.lineTo(x + swatchWidth / 2, y);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  ctx.lineWidth = pointBorderWidth as number;
  const mark = { pointStyle, radius: pointRadius, borderWidth: pointBorderWidth } as DrawPointOptions;
  if (mark.radius > 0) drawPoint(ctx, mark, x, y);
}
