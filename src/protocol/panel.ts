// Host ↔ training panel. The host keeps the history; the webview draws what it is given and may be gone at
// any time: it says `ready`, gets a `snapshot`, then only what is new.
import type { RunCommand, RunPoints, RunProgress, RunSnapshot, RunStatus } from './run.ts';

/** A run that is laid under the one that is shown: its steps are thinned out, and only the curves are there. */
export interface EarlierRun {
  readonly id: string;
  readonly run: RunSnapshot;
}

export type HostToPanel =
  /**
   * null: nothing has been trained yet. `live`: whether somebody is there who obeys commands. `temperature`: of the
   * samples to come.
   */
  | {
      readonly type: 'snapshot';
      readonly id: string | null;
      readonly run: RunSnapshot | null;
      readonly live: boolean;
      readonly temperature: number;
    }
  | { readonly type: 'earlier'; readonly runs: readonly EarlierRun[] }
  /** `points` are those since the last message. */
  | {
      readonly type: 'update';
      readonly live: boolean;
      readonly status: RunStatus;
      readonly progress: RunProgress | null;
      readonly points: RunPoints;
    };

export type PanelToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'train' }
  | { readonly type: 'control'; readonly command: RunCommand }
  /** Of the samples from now on. */
  | { readonly type: 'temperature'; readonly value: number }
  /** The model of the run that is shown is to write something now. */
  | { readonly type: 'sample' }
  /** Takes the runs away that are laid under the one that is shown. */
  | { readonly type: 'clear' }
  | { readonly type: 'copy'; readonly text: string }
  /** A chart, to be written where the user wants it. `content` of a PNG is base64. */
  | { readonly type: 'save'; readonly name: string; readonly kind: 'csv' | 'png'; readonly content: string };

/** Steps of an earlier run that are drawn, at most. */
const earlierSteps = 1000;

export function earlierRun(id: string, run: RunSnapshot): EarlierRun {
  const { steps, validations } = run.points;
  const stride = Math.ceil(steps.length / earlierSteps);
  const thinned = steps.filter((_, index) => index % stride === 0);
  return {
    id,
    run: { ...run, points: { steps: thinned, validations, probes: [], samples: [], notes: [] } },
  };
}
