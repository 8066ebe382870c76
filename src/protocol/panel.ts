// Host ↔ training panel. The host keeps the history; the webview draws what it is given and may be gone at
// any time: it says `ready`, gets a `snapshot`, then only what is new.
import type { RunCommand, RunPoints, RunProgress, RunSnapshot, RunStatus, ValidationPoint } from './run.ts';

/** An earlier run, laid under the one that is shown. */
export interface EarlierRun {
  readonly title: string;
  readonly validations: readonly ValidationPoint[];
}

export type HostToPanel =
  /** null: nothing has been trained yet. `live`: whether somebody is there who obeys commands. */
  | { readonly type: 'snapshot'; readonly run: RunSnapshot | null; readonly live: boolean }
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
  /** A chart, to be written where the user wants it. `content` of a PNG is base64. */
  | { readonly type: 'save'; readonly name: string; readonly kind: 'csv' | 'png'; readonly content: string };
