// Links the charts of a run: they share the range of steps that they show, and the step that is pointed at.
import {
  type Chart,
  type ChartDataset,
  Interaction,
  type InteractionItem,
  type InteractionModeFunction,
  type Plugin,
} from 'chart.js';
import { firstAt } from './decimate.ts';
import type { XY } from './series.ts';

declare module 'chart.js' {
  interface InteractionModeMap {
    /** Finds on each line the point nearest in x, since lines have their points at different steps. */
    nearestInEach: InteractionModeFunction;
  }
}

Interaction.modes.nearestInEach = (chart, event) => {
  if (event.x === null) return [];
  return nearest(chart as Chart<'line'>, chart.scales.x.getValueForPixel(event.x)!);
};

function nearest(chart: Chart<'line'>, x: number): InteractionItem[] {
  return chart.getSortedVisibleDatasetMetas().flatMap(({ index: datasetIndex, data }) => {
    const { data: numbers, showLine } = chart.data.datasets[datasetIndex] as ChartDataset<'line'>;
    const points = numbers as XY[];
    if (data.length === 0) return [];
    const next = Math.min(firstAt(points, x), points.length - 1, data.length - 1);
    const index = next > 0 && x - points[next - 1].x < points[next].x - x ? next - 1 : next;
    // A line has a meaning between its points; a mark counts only when the pointer is on it.
    const distance = chart.scales.x.getPixelForValue(points[index].x) - chart.scales.x.getPixelForValue(x);
    if (showLine === false && Math.abs(distance) > markWidth) return [];
    return [{ datasetIndex, index, element: data[index] }];
  });
}

/** The greatest distance, in pixels, at which the pointer is on a mark. */
const markWidth = 6;

/** Steps of the keyboard: the first two are shares of the visible range, the last is the factor of a zoom. */
const cursorStep = 0.01;
const panStep = 0.1;
const zoomFactor = 1.25;

const nothing = () => {};

export class Link {
  readonly #charts = new Set<Chart<'line'>>();
  /** The range of steps that is shown; null shows everything. */
  #range: { min: number; max: number } | null = null;
  #cursor: number | null = null;
  #last = 1;
  /** Is called when `range` has changed, and draws the charts again. */
  onRange: () => void = nothing;
  onCursor: () => void = nothing;

  /** Sets the last step of the run. */
  set last(step: number) {
    this.#last = Math.max(1, step);
  }

  /** The step that is pointed at. */
  get cursor(): number | null {
    return this.#cursor;
  }

  get range(): { min: number; max: number } {
    return this.#range ?? { min: 0, max: this.#last };
  }

  /** The plugin of every chart whose x-axis is the steps. */
  readonly plugin: Plugin<'line'> = {
    id: 'link',
    install: (chart) => {
      this.#charts.add(chart);
    },
    uninstall: (chart) => {
      this.#charts.delete(chart);
    },
    afterEvent: (chart, { event, inChartArea }) => {
      if (event.type === 'mousemove' && inChartArea && event.x !== null)
        this.point(chart.scales.x.getValueForPixel(event.x)!, chart);
      else if (event.type === 'mouseout') this.point(null, chart);
    },
    afterDatasetsDraw: ({ ctx, chartArea, scales, options }) => {
      if (this.#cursor === null) return;
      const x = scales.x.getPixelForValue(this.#cursor);
      if (x < chartArea.left || x > chartArea.right) return;
      ctx.save();
      ctx.strokeStyle = options.color as string;
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      ctx.restore();
    },
  };

  /**
   * Points at a step in all charts.
   * @param from the chart with the mouse, which shows its own tooltip
   */
  point(step: number | null, from: Chart<'line'> | null = null): void {
    if (step === this.#cursor) return;
    this.#cursor = step;
    for (const chart of this.#charts) {
      if (chart !== from) {
        const items = step === null ? [] : nearest(chart, step);
        const { left, right, top, bottom } = chart.chartArea;
        chart.tooltip?.setActiveElements(items, { x: (left + right) / 2, y: (top + bottom) / 2 });
      }
      chart.draw();
    }
    this.onCursor();
  }

  /** Calls nobody any more: the link outlives the charts, and those that are destroyed cannot be drawn. */
  forget(): void {
    this.onRange = nothing;
    this.onCursor = nothing;
  }

  show(min: number, max: number): void {
    const from = Math.max(0, min);
    const to = Math.min(this.#last, max);
    this.#range = from <= 0 && to >= this.#last ? null : { min: from, max: Math.max(to, from + 1) };
    this.onRange();
  }

  reset(): void {
    this.#range = null;
    this.onRange();
  }

  /**
   * Handles a key: arrows move the cursor, or with Shift the range; + and - zoom; 0 shows everything.
   * @returns whether the key was one of them
   */
  key({ key, shiftKey }: { readonly key: string; readonly shiftKey: boolean }): boolean {
    const { min, max } = this.range;
    const width = max - min;
    const at = this.#cursor ?? (min + max) / 2;
    const zoom = (factor: number) =>
      this.show(at - (at - min) * factor, Math.max(at + 1, at + (max - at) * factor));
    const move = (direction: number) => {
      if (!shiftKey) return this.point(Math.min(max, Math.max(min, at + direction * cursorStep * width)));
      const by = Math.max(-min, Math.min(this.#last - max, direction * panStep * width));
      this.show(min + by, max + by);
    };
    const keys: Record<string, () => void> = {
      ArrowLeft: () => move(-1),
      ArrowRight: () => move(1),
      '+': () => zoom(1 / zoomFactor),
      '=': () => zoom(1 / zoomFactor),
      '-': () => zoom(zoomFactor),
      '0': () => this.reset(),
      Escape: () => this.point(null),
    };
    if (!Object.hasOwn(keys, key)) return false;
    keys[key]();
    return true;
  }
}
