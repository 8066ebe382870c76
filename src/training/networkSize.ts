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
      `The network would have ${say(count)} parameters, and at most ${say(mostParameters)} are possible: take fewer units or layers.`,
    );
  const width = outputWidth(architecture);
  if (tied && embedding !== width)
    throw new Problem(
      `A tied output needs an embedding as wide as the last layer: set \`model.embedding\` to ${width} (it is ${embedding}), or \`model.tied\` to false.`,
    );
}

const say = (count: number) => count.toLocaleString('en');
