// Finds the units of a network that follow a feature of the text that a reader can name.
import type { StateSlice } from '../backend/engine.ts';
import { type Feature, leastCorrelation, type Unit } from '../protocol/inspector.ts';

/** The mean square of a number's deviations below which they are rounding errors. */
const negligible = 1e-12;

/**
 * Computes Pearson's correlation of every number of the states with every feature, in one pass.
 * @param states the states after each token, [n][stateSize]
 * @param values the values of each feature at each token's end, [n]
 * @returns the correlations by feature, [stateSize]; 0 where one of the two never changes
 */
export function correlations(
  states: readonly Float32Array[],
  values: Readonly<Record<string, Float32Array>>,
): Record<string, Float64Array> {
  const size = states[0]?.length ?? 0;
  const means = new Float64Array(size);
  for (const state of states) for (let i = 0; i < size; i++) means[i] += state[i] / states.length;
  const deviations = new Float64Array(size);
  for (const state of states) for (let i = 0; i < size; i++) deviations[i] += (state[i] - means[i]) ** 2;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const mean = value.reduce((sum, each) => sum + each, 0) / value.length;
      const products = new Float64Array(size);
      let deviation = 0;
      for (const [t, state] of states.entries()) {
        const away = value[t] - mean;
        deviation += away * away;
        if (away === 0) continue;
        for (let i = 0; i < size; i++) products[i] += away * (state[i] - means[i]);
      }
      const r = products.map((product, i) =>
        deviation > 0 && deviations[i] > negligible * states.length
          ? product / Math.sqrt(deviation * deviations[i])
          : 0,
      );
      return [name, r];
    }),
  );
}

/**
 * Returns all units: first, for each feature that is followed at all, the one that follows it most closely, then the others, each
 * part by descending correlation.
 * @param places the places of the states, whose units are counted from 1
 */
export function rankUnits(
  places: readonly StateSlice[],
  states: readonly Float32Array[],
  values: Readonly<Record<Feature, Float32Array>>,
): Unit[] {
  const correlation = Object.entries(correlations(states, values)) as [Feature, Float64Array][];
  const units = places.flatMap(({ name, at, width }) =>
    Array.from({ length: width }, (_, n): Unit => {
      const index = at + n;
      const [feature, r] = correlation.reduce<[Feature | null, number]>(
        (best, [feature, of]) => (Math.abs(of[index]) > Math.abs(best[1]) ? [feature, of[index]] : best),
        [null, 0],
      );
      const [, layer, state] = name.match(/^layers\.(\d+)\.(.+)$/) ?? [null, null, name];
      return {
        index,
        layer: layer === null ? null : Number(layer) + 1,
        state: state!,
        unit: n + 1,
        feature,
        correlation: r,
        best: false,
        scale: states.reduce((most, each) => Math.max(most, Math.abs(each[index])), 0),
      };
    }),
  );
  const named = new Set<Feature | null>([null]);
  const closest = units.toSorted((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation));
  const marked = closest.map((unit) => {
    const best = Math.abs(unit.correlation) >= leastCorrelation && !named.has(unit.feature);
    named.add(unit.feature);
    return { ...unit, best };
  });
  return [...marked.filter(({ best }) => best), ...marked.filter(({ best }) => !best)];
}
