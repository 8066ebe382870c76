// The engine that runs TensorFlow.js on its WebAssembly backend, or on its plain JavaScript one where that
// does not load.
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { Problem } from '../../protocol/problem.ts';
import type { Engine } from '../engine.ts';
import { TfjsNetwork } from './network.ts';
import { TfjsPredictor } from './predictor.ts';

function refuseEncoder(): never {
  throw new Problem(
    'TensorFlow.js trains no encoder-decoders here: the compiled engine does. Set `engine.kind` to auto.',
  );
}

/** The engine that was started, and on which backend. */
export interface TfjsStart {
  readonly engine: Engine;
  /** The reason for not using the WebAssembly backend where it was asked for; otherwise null. */
  readonly fallback: string | null;
}

/**
 * Starts the engine.
 * @param wasmDirectory the path or URL of tfjs-backend-wasm*.wasm, which ends in a slash
 */
export async function startTfjs(wasmDirectory: string, backend: 'wasm' | 'cpu' = 'wasm'): Promise<TfjsStart> {
  let fallback: string | null = null;
  if (backend === 'wasm') {
    setWasmPaths(wasmDirectory);
    const started = await tf.setBackend('wasm').catch(() => false);
    if (!started) {
      fallback =
        'TensorFlow.js could not start its WebAssembly backend and computes in plain JavaScript: this is slow.';
      await tf.setBackend('cpu');
    }
  } else await tf.setBackend('cpu');
  await tf.ready();
  return {
    fallback,
    engine: {
      name: tf.getBackend() === 'wasm' ? 'tfjs-wasm' : 'tfjs-cpu',
      train: (architecture, shape, weights, tables = null) =>
        architecture.encoder ? refuseEncoder() : new TfjsNetwork(architecture, shape, weights, tables),
      predict: (architecture, weights) => new TfjsPredictor(architecture, weights),
      predictTarget: refuseEncoder,
    },
  };
}
