// The limits on the size of a network.

/**
 * The largest number of layers. Larger networks are not trained in practice, and compiling one takes minutes.
 */
export const mostLayers = 64;

/** The largest number of units of a layer and width of an embedding, as in the language. */
export const mostUnits = 4096;

/**
 * The largest number of parameters: in 32 bits, with a packed copy of every matrix, they fill the 4 GB of a
 * WebAssembly memory.
 */
export const mostParameters = 500_000_000;
