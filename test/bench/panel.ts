// `node test/bench/panel.ts` measures how long the panel takes to draw a history of 100,000 steps with a few
// new ones.
import { emptyPoints, type RunPointsBuffer } from '../../src/protocol/run.ts';
import { longRun, PanelPage } from '../host/panelPage.ts';

const steps = 100_000;
const fresh = 30;
const repetitions = 21;

await using panel = await PanelPage.open();
const run = longRun(steps);
const first = await panel.send({ type: 'snapshot', id: null, live: true, run, temperature: 0.8 });
const times: number[] = [];
for (let i = 0; i < repetitions; i++) {
  const points: RunPointsBuffer = emptyPoints();
  for (let k = 1; k <= fresh; k++) points.steps.push({ ...run.points.steps[0], step: steps + i * fresh + k });
  // A change of state is drawn at once.
  const status = { kind: i % 2 === 0 ? 'paused' : 'running' } as const;
  times.push(await panel.send({ type: 'update', live: true, status, progress: run.progress, points }));
}
times.sort((a, b) => a - b);
process.stdout.write(
  `${steps.toLocaleString('en')} steps: first drawing ${first.toFixed(0)} ms, redrawing ${times[repetitions >> 1].toFixed(1)} ms (median), ${times.at(-1)!.toFixed(1)} ms (worst)\n`,
);
