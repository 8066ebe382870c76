// How long the panel takes to draw a history of 100,000 steps again, with what is new.
import { emptyPoints, type RunPointsBuffer } from '../../../src/protocol/run.ts';
import { longRun, PanelPage } from '../../host/panelPage.ts';
import { median } from '../statistics.ts';

export const steps = 100_000;
const fresh = 30;
const repetitions = 21;

export interface RedrawingTimes {
  /** The milliseconds of the first drawing. */
  readonly first: number;
  /** The median milliseconds of drawing again with a few new steps, and with a new look into the network too. */
  readonly withSteps: number;
  readonly withLook: number;
}

export async function measureRedrawing(): Promise<RedrawingTimes> {
  await using panel = await PanelPage.open();
  const run = longRun(steps);
  const first = await panel.send({ type: 'snapshot', id: null, live: true, run, temperature: 0.8 });
  const look = run.points.probes.at(-1)!;
  let step = steps;
  let isPaused = false;
  async function redraw(isLook: boolean): Promise<number> {
    const points: RunPointsBuffer = emptyPoints();
    for (let k = 0; k < fresh; k++) points.steps.push({ ...run.points.steps[0], step: ++step });
    if (isLook) points.probes.push({ ...look, step });
    // A change of state is drawn at once.
    isPaused = !isPaused;
    const status = { kind: isPaused ? 'paused' : 'running' } as const;
    return panel.send({ type: 'update', live: true, status, progress: run.progress, points });
  }
  const times: Record<'steps' | 'look', number[]> = { steps: [], look: [] };
  for (let i = 0; i < repetitions; i++) {
    times.steps.push(await redraw(false));
    times.look.push(await redraw(true));
  }
  return { first, withSteps: median(times.steps), withLook: median(times.look) };
}
