// The networks that are measured: 96 symbols, batch 50, unroll 50, Adam, clipping.

export interface Network {
  readonly cell: string;
  readonly layers: number;
  readonly hidden: number;
}

export const nameOf = ({ cell, layers, hidden }: Network) => `${cell}-${layers}-${hidden}`;

/** The smallest number of units of a layer of which TensorFlow.js takes longer for a step than all rounds. */
export const largeLayer = 512;

function* all(): Iterable<Network> {
  for (const cell of ['lstm', 'gru', 'elman']) {
    for (const layers of [2, 1]) for (const hidden of [128, 64, 256]) yield { cell, layers, hidden };
    if (cell === 'elman') continue;
    yield { cell, layers: 2, hidden: 512 };
    yield { cell, layers: 1, hidden: 1024 };
  }
  yield { cell: 'lstm-peephole', layers: 2, hidden: 128 };
}

/** Returns the networks in whose name one of `only` occurs. */
export const networks = (only: readonly string[]): Network[] =>
  [...all()].filter((network) => only.some((text) => nameOf(network).includes(text)));
