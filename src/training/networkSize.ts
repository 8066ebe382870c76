// Checks whether a network can be computed at all, before anything is allocated for it.
import type { Architecture } from '../backend/engine.ts';
import { mostLayers, mostParameters } from '../protocol/limits.ts';
import { Problem } from '../protocol/problem.ts';
import { outputWidth } from '../tape/architecture.ts';
import { parameters } from '../tape/parameters.ts';

/** Returns the number of parameters of a network, which must have at most `mostLayers` layers. */
export function countParameters(architecture: Architecture): number {
  return parameters(architecture).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

/**
 * Checks the size of a network. @throws Problem when it is too large to be computed, or its parts do not fit
 * together
 */
export function checkSize(architecture: Architecture): void {
  const { layers, tied, embedding, encoder } = architecture;
  const most = Math.max(layers.length, encoder?.layers.length ?? 0);
  if (most > mostLayers)
    throw new Problem(
      `The network has ${say(most)} layers, and at most ${mostLayers} are possible: leave some out.`,
    );
  const count = countParameters(architecture);
  if (count > mostParameters)
    throw new Problem(
      `The network would have ${say(count)} parameters, and at most ${say(mostParameters)} are possible: ${fewer(architecture)}.`,
    );
  const width = outputWidth(architecture);
  if (tied && embedding !== width)
    throw new Problem(
      `A tied output needs an embedding as wide as the last layer: set \`model.embedding\` to ${width} (it is ${embedding}), or \`model.tied\` to false.`,
    );
}

/** Says how many units a network of too many parameters may have. */
function fewer(architecture: Architecture): string {
  const fits = (units: number) => countParameters(narrowed(architecture, units)) <= mostParameters;
  const units = largest(widestLayer(architecture), fits);
  return units > 0
    ? `with ${say(roundedUnits(units))} units in the widest layer, and in proportion in the others, it has no more`
    : 'take fewer layers';
}

/** Returns the number of units of the widest layer. */
export const widestLayer = ({ layers, encoder }: Architecture): number =>
  Math.max(1, ...[...layers, ...(encoder?.layers ?? [])].map(({ hidden }) => hidden));

/** Returns a network of the same layers whose widest one has `units` units, and the others as many in proportion. */
export function narrowed(architecture: Architecture, units: number): Architecture {
  const scale = units / widestLayer(architecture);
  const narrow = <Part extends Pick<Architecture, 'layers'>>(part: Part): Part => ({
    ...part,
    layers: part.layers.map((layer) => ({ ...layer, hidden: Math.max(1, Math.floor(layer.hidden * scale)) })),
  });
  const { encoder, tied } = architecture;
  const network = { ...narrow(architecture), ...(encoder && { encoder: narrow(encoder) }) };
  return tied ? { ...network, embedding: outputWidth(network) } : network;
}

/** Returns a whole number below `least` that fits, about the largest, by bisection; 0 where none does. */
export function largest(least: number, fits: (value: number) => boolean): number {
  let [most, over] = [0, least];
  while (over - most > Math.max(1, most >> 6)) {
    const middle = (most + over) >> 1;
    if (fits(middle)) most = middle;
    else over = middle;
  }
  return most;
}

/** Rounds a number of units down to two digits. */
export function roundedUnits(units: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(units)) - 1);
  return Math.floor(units / unit) * unit;
}

const say = (count: number) => count.toLocaleString('en');
