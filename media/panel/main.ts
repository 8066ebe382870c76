// The training panel: says `ready`, draws the snapshot that it gets, then what is new. It keeps nothing that the
// host does not have, so that it may be thrown away and made again at any time.
import type { HostToPanel, PanelToHost } from '../../src/protocol/panel.ts';
import { appendPoints, emptyPoints, type RunSnapshot } from '../../src/protocol/run.ts';
import { Charts } from './charts.ts';
import './panel.css';
import { onThemeChange } from './theme.ts';
import { View } from './view.ts';

const host = acquireVsCodeApi();
const post = (message: PanelToHost) => host.postMessage(message);
const view = new View(document.getElementById('panel')!, {
  stop: () => post({ type: 'stop' }),
  train: () => post({ type: 'train' }),
});

let charts: Charts | null = null;
let run: RunSnapshot | null = null;

window.addEventListener('message', ({ data }: MessageEvent<HostToPanel>) => {
  switch (data.type) {
    case 'snapshot': {
      const points = emptyPoints();
      if (data.run) appendPoints(points, data.run.points);
      run = data.run && { ...data.run, points };
      draw(true);
      return;
    }
    case 'update':
      if (!run) return;
      appendPoints(run.points as ReturnType<typeof emptyPoints>, data.points);
      run = { ...run, status: data.status, progress: data.progress };
      charts?.append(data.points);
      draw(false);
  }
});

onThemeChange(() => draw(true));

function draw(anew: boolean): void {
  view.show(run);
  if (anew) {
    charts?.destroy();
    charts = run && new Charts(view.lossCanvas, view.gradientCanvas, run);
  }
  charts?.update();
}

post({ type: 'ready' });
