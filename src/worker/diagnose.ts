// Measures, for a report, which engine computes here and how fast.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Architecture, Engine } from '../backend/engine.ts';
import { builds } from '../backend/wasm/module.ts';
import { layersText } from '../language/layers.ts';
import type { Diagnosis } from '../protocol/inspector.ts';
import { initialWeights } from '../tape/parameters.ts';
import { architecture, configure } from '../training/configuration.ts';
import { defaultThreads } from './engines.ts';

/** The duration of the measurement in milliseconds. */
const measured = 50;

const vocabulary = 96;

export function diagnose(engine: Engine): Diagnosis {
  const { model, cells } = configure({ settings: {}, definition: null, cell: null });
  return {
    engine: engine.name,
    build: engine.name.startsWith('unroll') ? loadableBuild() : null,
    threads: defaultThreads(),
    network: layersText(model.layers),
    tokensPerSecond: Math.round(readingSpeed(engine, architecture(vocabulary, model, cells))),
  };
}

function loadableBuild(): string | null {
  const isValid = (build: string) =>
    WebAssembly.validate(readFileSync(join(__dirname, 'kernels', `${build}.wasm`)));
  return builds.find(isValid) ?? null;
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
