// The training panel: it says `ready`, draws the snapshot that it gets, and then draws what is new. It keeps
// nothing that the host does not have, so that it may be thrown away and made again at any time.
import type { Measures } from '../../src/protocol/metric.ts';
import { measuresOf } from '../../src/protocol/outcome.ts';
import type { EarlierRun, HostToPanel, PanelToHost } from '../../src/protocol/panel.ts';
import { appendPoints, emptyPoints, type RunPointsBuffer, type RunSnapshot } from '../../src/protocol/run.ts';
import { Charts } from './charts/charts.ts';
import { freeRunningCsv } from './charts/freeRunningChart.ts';
import { lagCsv } from './charts/lagText.ts';
import { Link } from './charts/link.ts';
import { gradientCsv, lossCsv, metricCsv } from './charts/measurementCsv.ts';
import './panel.css';
import './layout.css';
import { onThemeChange } from './figure/theme.ts';
import { View } from './view.ts';

const host = acquireVsCodeApi();
const post = (message: PanelToHost) => host.postMessage(message);
const link = new Link();
let points: RunPointsBuffer = emptyPoints();
let run: RunSnapshot | null = null;
let live = false;
let earlier: readonly EarlierRun[] = [];
/** The id of the run that is shown, which is not drawn under itself. */
let shown: string | null = null;
let charts: Charts | null = null;
let drawn = { at: 0, cost: 0 };
let waiting: ReturnType<typeof setTimeout> | undefined;

/** The largest share of the time that is spent on drawing. */
const drawingShare = 0.015;

const view = new View(document.getElementById('panel')!, link, {
  control: (command) => post({ type: 'control', command }),
  train: () => post({ type: 'train' }),
  save: (name, kind, content) => post({ type: 'save', name, kind, content }),
  temperature: (value) => post({ type: 'temperature', value }),
  sample: () => post({ type: 'sample' }),
  copy: (text) => post({ type: 'copy', text }),
  clear: () => post({ type: 'clear' }),
  rows: (lines) => post({ type: 'rows', lines }),
  fold: (sections) => post({ type: 'fold', sections }),
});
const { loss, metric, gradient, lag, strip, freeRunning } = view.figures;
loss.csv = () => lossCsv(points, measures());
metric.csv = () => metricCsv(points, measures());
gradient.csv = () => gradientCsv(points);
lag.csv = strip.csv = () => lagCsv(points);
freeRunning.csv = () => freeRunningCsv(points.probes.at(-1)?.passage?.freeRunning);

window.addEventListener('message', ({ data }: MessageEvent<HostToPanel>) => {
  switch (data.type) {
    case 'snapshot':
      points = emptyPoints();
      if (data.run) appendPoints(points, data.run.points);
      run = data.run && { ...data.run, points };
      live = data.live;
      shown = data.id;
      view.temperature = data.temperature;
      link.reset();
      drawAnew();
      return;
    case 'folded':
      view.folded = data.sections;
      return;
    case 'front':
      view.front = data.front;
      draw();
      return;
    case 'earlier':
      earlier = data.runs;
      drawAnew();
      return;
    case 'update': {
      if (!run) return;
      appendPoints(points, data.points);
      charts?.append(data.points);
      const draws = data.status.kind === run.status.kind && data.live === live ? drawSoon : draw;
      run = { ...run, status: data.status, progress: data.progress };
      live = data.live;
      draws();
    }
  }
});

onThemeChange(() => {
  view.redraw();
  drawAnew();
});

function drawAnew(): void {
  charts?.destroy();
  const canvases = {
    loss: loss.canvas,
    metric: metric.canvas,
    gradient: gradient.canvas,
    lag: lag.canvas,
    strip: strip.canvas,
    freeRunning: freeRunning.canvas,
  };
  charts =
    run &&
    new Charts(
      canvases,
      link,
      run,
      () => view.state,
      others(),
      (probe) => view.showMeasured(probe),
    );
  draw();
}

/** The figures of the run that is shown. */
function measures(): Measures {
  return measuresOf(run ?? { start: null });
}

function others(): readonly EarlierRun[] {
  return earlier.filter(({ id }) => id !== shown);
}

function draw(): void {
  clearTimeout(waiting);
  waiting = undefined;
  const began = performance.now();
  view.show(run, live, others(), shown);
  charts?.update();
  drawn = { at: began, cost: performance.now() - began };
}

/** Draws soon, but not so often that it slows down the training, which shares the machine with the panel. */
function drawSoon(): void {
  waiting ??= setTimeout(draw, drawn.at + drawn.cost / drawingShare - performance.now());
}

draw();
post({ type: 'ready' });
