import type { RunSnapshot } from '../../protocol/run.ts';

/**
 * Names a moment of a run, the next of which is shown: a training's figures change ten times a second, and each change
 * costs the window a layout and a drawing, and a screen reader reads out each message of a notification.
 */
export function momentOf(snapshot: RunSnapshot | null): string {
  if (!snapshot) return '';
  const { status, progress, points } = snapshot;
  return `${status.kind} ${points.validations.length} ${Math.floor(progress?.seconds ?? -1)}`;
}
