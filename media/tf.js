// What an exported page needs of TensorFlow.js, to stand beside it: a page asks nobody else's server for it.
import '@tensorflow/tfjs-backend-cpu';

export { loadGraphModel } from '@tensorflow/tfjs-converter';
export * from '@tensorflow/tfjs-core';
