// Host ↔ training panel. The host keeps the history; the webview draws what it is given and may be gone at
// any time: it says `ready`, gets a `snapshot`, then only what is new.
import type { RunPoints, RunProgress, RunSnapshot, RunStatus } from './run.ts';

export type HostToPanel =
  /** null: nothing has been trained yet. */
  | { readonly type: 'snapshot'; readonly run: RunSnapshot | null }
  /** `points` are those since the last message. */
  | {
      readonly type: 'update';
      readonly status: RunStatus;
      readonly progress: RunProgress | null;
      readonly points: RunPoints;
    };

export type PanelToHost = { readonly type: 'ready' } | { readonly type: 'stop' } | { readonly type: 'train' };
