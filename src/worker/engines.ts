// Starts the engine that a run asks for, with what it needs from the disk.
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
  /** A sentence when it is not the engine that was asked for. */
  readonly fallback: string | null;
}

export interface EngineWishes {
  /**
   * `auto` is the compiled engine where it can run, and TensorFlow.js elsewhere; `wide` asks for V8's
   * revectorizer besides.
   */
  readonly kind: 'auto' | 'wide' | 'tfjs';
  /** null leaves it to the machine. */
  readonly threads: number | null;
}

/** More threads than this have too few rows each to be worth their waiting. */
const maximumThreads = 4;

/** All cores, but for one that is left to the editor where there are more than two. */
export function defaultThreads(cores = availableParallelism()): number {
  return Math.max(1, Math.min(maximumThreads, cores > 2 ? cores - 1 : cores));
}

/** @throws Problem when a setting is none of its values. */
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

/** @param assets folder with the build's output */
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
  // Large, and seldom needed: a bundle of its own.
  const { startTfjs } = await import('../backend/tfjs/engine.ts');
  const { engine, fallback } = await startTfjs(`${assets}/tfjs/`);
  const noSimd =
    kind !== 'tfjs'
      ? ['WebAssembly has no SIMD here: TensorFlow.js computes instead, many times slower.']
      : [];
  return { engine, fallback: [...noSimd, ...(fallback === null ? [] : [fallback])].join(' ') || null };
}
