// Byte-pair encoding as one would write it down: every merge counts its pairs again and looks at all pairs.

/** A pair that occurs less often than this is not merged. */
const leastOften = 8;

interface Unit {
  readonly count: number;
  parts: string[];
}

interface Pair {
  readonly left: string;
  readonly right: string;
  count: number;
  /** The units in which the pair is, or once was. */
  readonly units: Set<Unit>;
}

export function learn(counts: ReadonlyMap<string, number>, most: number): string[] {
  const pairs = new Map<string, Pair>();
  const count = (unit: Unit, sign: 1 | -1) => {
    for (let at = 1; at < unit.parts.length; at++) {
      const [left, right] = [unit.parts[at - 1], unit.parts[at]];
      const key = `${left}\n${right}`;
      const pair = pairs.get(key) ?? { left, right, count: 0, units: new Set() };
      pairs.set(key, pair);
      pair.count += sign * unit.count;
      pair.units.add(unit);
    }
  };
  for (const [unit, times] of counts) count({ count: times, parts: [...unit] }, 1);
  const learned = new Set<string>();
  while (learned.size < most) {
    let best: Pair | null = null;
    for (const pair of pairs.values()) if (pair.count > (best?.count ?? leastOften - 1)) best = pair;
    if (!best) break;
    learned.add(best.left + best.right);
    for (const unit of best.units) {
      count(unit, -1);
      unit.parts = merge(unit.parts, best.left, best.right);
      count(unit, 1);
    }
    pairs.delete(`${best.left}\n${best.right}`);
  }
  return [...learned];
}

function merge(parts: readonly string[], left: string, right: string): string[] {
  const merged: string[] = [];
  for (let at = 0; at < parts.length; at++)
    if (parts[at] === left && parts[at + 1] === right) {
      merged.push(left + right);
      at++;
    } else merged.push(parts[at]);
  return merged;
}

export function parts(unit: string, rank: ReadonlyMap<string, number>): string[] {
  let parts = [...unit];
  for (;;) {
    let best = Number.POSITIVE_INFINITY;
    let first = 0;
    for (let at = 1; at < parts.length; at++) {
      const of = rank.get(parts[at - 1] + parts[at]) ?? Number.POSITIVE_INFINITY;
      if (of < best) [best, first] = [of, at - 1];
    }
    if (best === Number.POSITIVE_INFINITY) return parts;
    parts = merge(parts, parts[first], parts[first + 1]);
  }
}
