// The exports of a module. All places are indices of 32-bit words from the beginning of the memory, and all
// strides are numbers of words from one row to the next; 0 repeats one row. src/tape/planning/kernels.ts is the
// contract, and src/tape/scalar/scalarKernels.ts defines each kernel as a plain loop.
export * from './optimizers';
export * from './matmul';
export * from './positions';
export * from './rows';
export * from './tokens';
