// Labels for notes on an axis: those that are too close for a label of their own share one.

interface PlacedNote {
  /** The place on the axis in pixels; those of several notes ascend. */
  readonly at: number;
  readonly number: number;
}

/**
 * Returns a label for each group of notes, at its first one: `2`, or `2–5`.
 * @param room the pixels that a label takes up
 */
export function groups(notes: readonly PlacedNote[], room: number): { at: number; label: string }[] {
  const found: { at: number; from: number; to: number }[] = [];
  for (const { at, number } of notes) {
    const last = found.at(-1);
    if (last && at - last.at < room) last.to = number;
    else found.push({ at, from: number, to: number });
  }
  return found.map(({ at, from, to }) => ({ at, label: from === to ? `${from}` : `${from}–${to}` }));
}
