/**
 * Counts the units of a text. The time and memory of learning symbols from them are bounded by the characters of the
 * different ones: when these are used up, units that are not known yet are left out. Most texts repeat themselves long
 * before that; base64 never does.
 * @param units matches the units
 * @param most the most characters of the units together, each counted once
 */
export function countUnits(text: string, units: RegExp, most: number): Map<string, number> {
  const counts = new Map<string, number>();
  let room = most;
  for (const [unit] of text.matchAll(units)) {
    const count = counts.get(unit);
    if (count === undefined) {
      if (unit.length > room) continue;
      room -= unit.length;
    }
    counts.set(unit, (count ?? 0) + 1);
  }
  return counts;
}
