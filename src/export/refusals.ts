// Refuses what the formats of export cannot hold.
import { Problem } from '../protocol/problem.ts';

/** @throws Problem which says that a cell computes its initial state */
export function refuseComputedState(vector: string): never {
  throw new Problem(
    `\`${vector}[0]\` is computed, which this format cannot hold. Export the model for PyTorch, or write \`${vector}[0] = learned\` and train again.`,
  );
}
