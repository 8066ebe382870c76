import { buildKernels } from '../../src/kernels/build.mjs';

export default buildKernels;
