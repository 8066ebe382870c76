// The training panel: says `ready`, draws the snapshot that it gets, then what is new. It keeps nothing that the
// host does not have, so that it may be thrown away and made again at any time.
import type { EarlierRun, HostToPanel, PanelToHost } from '../../src/protocol/panel.ts';
import { appendPoints, emptyPoints, type RunPointsBuffer, type RunSnapshot } from '../../src/protocol/run.ts';
import { Charts } from './charts.ts';
import { gradientCsv, lossCsv } from './csv.ts';
import { lagCsv } from './lagText.ts';
import { Link } from './link.ts';
import './panel.css';
import { onThemeChange } from './theme.ts';
import { View } from './view.ts';

const host = acquireVsCodeApi();
const post = (message: PanelToHost) => host.postMessage(message);
const link = new Link();
let points: RunPointsBuffer = emptyPoints();
let run: RunSnapshot | null = null;
let live = false;
let earlier: readonly EarlierRun[] = [];
let charts: Charts | null = null;

const view = new View(document.getElementById('panel')!, link, {
  control: (command) => post({ type: 'control', command }),
  train: () => post({ type: 'train' }),
  save: (name, kind, content) => post({ type: 'save', name, kind, content }),
});
view.loss.csv = () => lossCsv(points);
view.gradient.csv = () => gradientCsv(points);
view.lag.csv = view.strip.csv = () => lagCsv(points);

window.addEventListener('message', ({ data }: MessageEvent<HostToPanel>) => {
  switch (data.type) {
    case 'snapshot':
      points = emptyPoints();
      if (data.run) appendPoints(points, data.run.points);
      run = data.run && { ...data.run, points };
      live = data.live;
      link.reset();
      drawAnew();
      return;
    case 'earlier':
      earlier = data.runs;
      view.showEarlier(earlier);
      drawAnew();
      return;
    case 'update':
      if (!run) return;
      appendPoints(points, data.points);
      run = { ...run, status: data.status, progress: data.progress };
      live = data.live;
      charts?.append(data.points);
      draw();
  }
});

onThemeChange(drawAnew);

function drawAnew(): void {
  charts?.destroy();
  const { loss, gradient, lag, strip } = view;
  const canvases = {
    loss: loss.canvas,
    gradient: gradient.canvas,
    lag: lag.canvas,
    strip: strip.canvas,
  };
  charts = run && new Charts(canvases, link, run, () => view.state, earlier);
  draw();
}

function draw(): void {
  view.show(run, live);
  charts?.update();
}

view.showEarlier(earlier);
post({ type: 'ready' });
