// Messages between the host and the training panel. The host keeps the history; the webview draws what it is
// given and may disappear at any time: it sends `ready`, gets a `snapshot`, then only what is new.
import type { ProbePoint, RunCommand, RunPoints, RunProgress, RunSnapshot, RunStatus } from './run.ts';

/**
 * An earlier run that is drawn under the shown one: its steps are thinned out, and only its curves are kept.
 */
export interface EarlierRun {
  readonly id: string;
  readonly run: RunSnapshot;
}

/** The text in front, and the model that completes it. */
export interface Front {
  /** The name of the text. */
  readonly text: string;
  /** The id of the run that the model is of, and the name of what it was trained on; null where there is no model. */
  readonly model: string | null;
  readonly source: string | null;
}

export type HostToPanel =
  /**
   * The whole state of the panel. `run` is null before anything has been trained. `live` says whether
   * commands are obeyed. `temperature` is that of the samples to come.
   */
  | {
      readonly type: 'snapshot';
      readonly id: string | null;
      readonly run: RunSnapshot | null;
      readonly live: boolean;
      readonly temperature: number;
    }
  | { readonly type: 'earlier'; readonly runs: readonly EarlierRun[] }
  | { readonly type: 'front'; readonly front: Front | null }
  /** The names of the sections that the user has folded. */
  | { readonly type: 'folded'; readonly sections: readonly string[] }
  /** An update, whose `points` are those since the last message. */
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
  /** Sets the temperature of the samples from now on. */
  | { readonly type: 'temperature'; readonly value: number }
  /** Asks the model of the shown run to write something now. */
  | { readonly type: 'sample' }
  /** Removes the earlier runs that are drawn under the shown one. */
  | { readonly type: 'clear' }
  /** Remembers which sections are folded. */
  | { readonly type: 'fold'; readonly sections: readonly string[] }
  | { readonly type: 'copy'; readonly text: string }
  /** Leads to rows of the file that was trained on, by their lines, from 1. */
  | { readonly type: 'rows'; readonly lines: readonly number[] }
  /** Saves a chart where the user chooses. `content` of a PNG is base64. */
  | {
      readonly type: 'save';
      readonly name: string;
      readonly kind: 'csv' | 'png' | 'svg';
      readonly content: string;
    };

/** The last probe of a run, without the passage, which is drawn of no earlier run. */
function lastProbe({ points }: RunSnapshot): ProbePoint[] {
  return points.probes.slice(-1).map(({ passage: _, ...probe }) => probe);
}

/** The largest number of steps of an earlier run that are drawn. */
const earlierSteps = 1000;

export function earlierRun(id: string, run: RunSnapshot): EarlierRun {
  const { steps, validations } = run.points;
  const stride = Math.ceil(steps.length / earlierSteps);
  const thinned = steps.filter((_, index) => index % stride === 0);
  return {
    id,
    run: { ...run, points: { steps: thinned, validations, probes: lastProbe(run), samples: [], notes: [] } },
  };
}
