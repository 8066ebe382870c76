// Starts the engine that a run asks for, with the files that it needs.
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../backend/engine.ts';
import { startWasm } from '../backend/wasm/engine.ts';
import type { Build } from '../backend/wasm/module.ts';
import { canWiden, widen } from '../platform/node/revectorizer.ts';
import { spawnFrom } from '../platform/node/spawn.ts';
import { Problem } from '../protocol/problem.ts';

export interface EngineStart {
  readonly engine: Engine;
  /** A sentence that says so when it is not the engine that was asked for; null otherwise. */
  readonly fallback: string | null;
}

export interface EngineWishes {
  /**
   * The kind of engine: `auto` is the compiled engine where it can run, and TensorFlow.js elsewhere; `wide`
   * also asks for V8's revectorizer.
   */
  readonly kind: 'auto' | 'wide' | 'tfjs';
  /** The number of threads; null lets `defaultThreads` choose. */
  readonly threads: number | null;
}

/** The most threads by default; more would have too few rows each to be worth their waiting. */
const maximumThreads = 4;

/**
 * Returns the number of all cores, at most `maximumThreads`; where there are more than two, one is left to
 * the editor.
 */
export function defaultThreads(cores = availableParallelism()): number {
  return Math.max(1, Math.min(maximumThreads, cores > 2 ? cores - 1 : cores));
}

/** Reads the engine's settings. @throws Problem when a setting has none of its values */
export function readEngineWishes(settings: Readonly<Record<string, unknown>>): EngineWishes {
  const { 'engine.kind': kind = 'auto', 'engine.threads': threads = null } = settings;
  if (kind !== 'auto' && kind !== 'wide' && kind !== 'tfjs')
    throw new Problem(`In the settings: \`engine.kind\` is auto, wide or tfjs, not ${JSON.stringify(kind)}.`);
  if (
    threads !== null &&
    !(Number.isInteger(threads) && (threads as number) >= 1 && (threads as number) <= 64)
  )
    throw new Problem(
      `In the settings: \`engine.threads\` is a whole number from 1 to 64, not ${JSON.stringify(threads)}.`,
    );
  return { kind, threads: threads as number | null };
}

/** Starts an engine. @param assets the folder with the build's output */
export async function startEngine(assets: string, { kind, threads }: EngineWishes): Promise<EngineStart> {
  if (kind !== 'tfjs') {
    const file = (build: Build) => join(assets, 'kernels', `${build}.wasm`);
    const wide = kind === 'wide' && (await canWiden(file('relaxed')));
    const engine = await startWasm({
      read: (build) => readFile(file(build)),
      threads: threads ?? defaultThreads(),
      spawn: spawnFrom(join(assets, 'kernelThread.cjs')),
      ...(wide ? { widen } : {}),
    });
    const refused =
      kind === 'wide' && engine?.name !== 'unroll-wide'
        ? 'The wide engine does not work with this version of VS Code: the ordinary one computes instead.'
        : null;
    if (engine) return { engine, fallback: refused };
  }
  // TensorFlow.js is large and seldom needed, so it is in a bundle of its own.
  const { startTfjs } = await import('../backend/tfjs/engine.ts');
  const { engine, fallback } = await startTfjs(`${assets}/tfjs/`);
  const noSimd =
    kind !== 'tfjs'
      ? ['WebAssembly has no SIMD here: TensorFlow.js computes instead, many times slower.']
      : [];
  return { engine, fallback: [...noSimd, ...(fallback === null ? [] : [fallback])].join(' ') || null };
}
