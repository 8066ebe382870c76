// Starts the engine that a run asks for, with the files that it needs.
import type { Engine } from '../backend/engine.ts';
import { startWasm } from '../backend/wasm/engine.ts';
import { SettingsProblem } from '../protocol/problem.ts';
import type { Platform } from './platform.ts';

/** An engine that was started, and the reasons for it. */
export interface EngineStart {
  readonly engine: Engine;
  /** A sentence that says that it is not the engine that was asked for; null where it is. */
  readonly fallback: string | null;
  /** A phrase that says why it is this engine, for the run's record; null where there is nothing to say. */
  readonly reason: string | null;
}

/** The settings of the engine. */
export interface EngineWishes {
  /**
   * The kind of engine: `auto` is the compiled engine where it can run, with wide vectors where the host has
   * started a process for them and they are faster, and TensorFlow.js elsewhere; `wide` is with them wherever
   * they compute the same, `narrow` without.
   */
  readonly kind: 'auto' | 'wide' | 'narrow' | 'tfjs';
  /** The number of threads; null lets `defaultThreads` choose. */
  readonly threads: number | null;
}

/** The most threads by default; more would have too few rows each to be worth their waiting. */
const maximumThreads = 4;

/**
 * Returns the number of all cores, at most `maximumThreads`; where there are more than two, one is left to
 * the editor.
 */
export function defaultThreads(cores: number): number {
  return Math.max(1, Math.min(maximumThreads, cores > 2 ? cores - 1 : cores));
}

/** The kinds of engines that can be asked for. */
export const engineKinds: readonly unknown[] = [
  'auto',
  'wide',
  'narrow',
  'tfjs',
] satisfies EngineWishes['kind'][];

/** The most threads that can be asked for. */
export const mostThreads = 64;

/** Reads the engine's settings. @throws Problem when a setting has none of its values */
export function readEngineWishes(settings: Readonly<Record<string, unknown>>): EngineWishes {
  const { 'engine.kind': kind = 'auto', 'engine.threads': threads = null } = settings;
  if (!engineKinds.includes(kind))
    throw new SettingsProblem(
      'engine.kind',
      `\`engine.kind\` is auto, wide, narrow or tfjs, not ${JSON.stringify(kind)}.`,
    );
  if (
    threads !== null &&
    !(Number.isInteger(threads) && (threads as number) >= 1 && (threads as number) <= mostThreads)
  )
    throw new SettingsProblem(
      'engine.threads',
      `\`engine.threads\` is a whole number from 1 to ${mostThreads}, not ${JSON.stringify(threads)}.`,
    );
  return { kind: kind as EngineWishes['kind'], threads: threads as number | null };
}

/** Starts an engine. @param withoutWide see `Circumstances` */
export async function startEngine(
  { readAsset, cores, spawn, revectorizer, tfjsAssets }: Platform,
  { kind, threads }: EngineWishes,
  withoutWide?: string | null,
): Promise<EngineStart> {
  if (kind !== 'tfjs') {
    const tryWide =
      (kind === 'wide' && withoutWide === undefined) || (kind !== 'narrow' && withoutWide === null);
    const setRevectorizer = tryWide ? await revectorizer() : null;
    const engine = await startWasm({
      read: (build) => readAsset(`kernels/${build}.wasm`),
      threads: threads ?? defaultThreads(cores),
      spawn,
      ...(setRevectorizer ? { setRevectorizer, mustBeFaster: kind === 'auto' } : {}),
    });
    const refused =
      kind === 'wide' && engine?.name !== 'unroll-wide'
        ? `The wide engine does not work here${withoutWide ? ` (${withoutWide})` : ''}: the ordinary one computes instead.`
        : null;
    if (engine) return { engine, fallback: refused, reason: engine.reason ?? withoutWide ?? null };
  }
  // TensorFlow.js is large and seldom needed, so it is in a bundle of its own.
  const { startTfjs } = await import('../backend/tfjs/engine.ts');
  const { engine, fallback } = await startTfjs(tfjsAssets);
  const noSimd =
    kind !== 'tfjs'
      ? ['WebAssembly has no SIMD here: TensorFlow.js computes instead, many times slower.']
      : [];
  return {
    engine,
    reason: null,
    fallback: [...noSimd, ...(fallback === null ? [] : [fallback])].join(' ') || null,
  };
}
