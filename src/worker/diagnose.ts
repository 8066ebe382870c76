// Measures, for a report, which engine computes here and how fast.
import type { Architecture, Engine } from '../backend/engine.ts';
import { builds } from '../backend/wasm/module.ts';
import { layersText } from '../language/options/layers.ts';
import type { Diagnosis } from '../protocol/inspector.ts';
import { initialWeights } from '../tape/parameters.ts';
import { architecture, configure } from '../training/configuration.ts';
import { defaultThreads } from './engines.ts';
import type { Platform } from './platform.ts';

/** The duration of the measurement in milliseconds. */
const measured = 50;

const vocabulary = 96;

/** Measures the engine with the usual network. */
export async function diagnose(engine: Engine, { readAsset, cores }: Platform): Promise<Diagnosis> {
  const { model, cells } = configure({ settings: {}, definition: null, cell: null });
  return {
    engine: engine.name,
    build: engine.name.startsWith('unroll') ? await loadableBuild(readAsset) : null,
    threads: defaultThreads(cores),
    network: layersText(model.layers),
    tokensPerSecond: Math.round(readingSpeed(engine, architecture(vocabulary, model, cells))),
  };
}

async function loadableBuild(readAsset: Platform['readAsset']): Promise<string | null> {
  for (const build of builds)
    if (WebAssembly.validate(await readAsset(`kernels/${build}.wasm`))) return build;
  return null;
}

function readingSpeed(engine: Engine, network: Architecture): number {
  const predictor = engine.predict(network, initialWeights(network, 1));
  const state = predictor.initial();
  const logits = new Float32Array(vocabulary);
  const began = performance.now();
  let read = 0;
  while (performance.now() - began < measured) predictor.next(state, read++ % vocabulary, state, logits);
  const seconds = (performance.now() - began) / 1000;
  predictor.dispose();
  return read / seconds;
}
