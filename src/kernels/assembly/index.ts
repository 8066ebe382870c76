// What a module exports. All places are indices of 32-bit words from the beginning of the memory, all strides
// are numbers of words from one row to the next; 0 repeats one row. See src/tape/kernels.ts for the contract
// and src/tape/scalar.ts for what each kernel means, as a plain loop.
export * from './elementwise';
export * from './optimizers';
export * from './product';
export * from './rows';
export * from './tokens';
