// How large a network may be.

/** Nobody has trained a network of more layers, and compiling one takes minutes. */
export const mostLayers = 64;

/** Units of a layer, and width of an embedding: as the language has it. */
export const mostUnits = 4096;

/** Parameters of 32 bits with a packed copy of every matrix fill the 4 GB of a WebAssembly memory. */
export const mostParameters = 500_000_000;
