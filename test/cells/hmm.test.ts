// The hidden Markov model on 50,000 letters of English, as Cave & Neuwirth 1980 had it: trained by gradients, it
// finds what Baum and Welch's algorithm finds.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { columnSoftmax } from '../../src/language/values.ts';
import { initialWeights } from '../../src/tape/parameters.ts';
import { random } from '../../src/tape/random.ts';
import { builtin, network } from '../backend/networks.ts';
import { readKernels } from '../kernels/modules.ts';
import { type HiddenMarkovModel, randomModel, reestimate } from './baumWelch.ts';

const alphabet = ' abcdefghijklmnopqrstuvwxyz';
const root = join(import.meta.dirname, '../..');
const pages = globSync(['*.md', 'docs/**/*.md', 'src/**/README.md'], { cwd: root }).sort();
/** The letters of this project's pages, and a space for everything between two words. */
const letters = pages
  .map((page) => readFileSync(join(root, page), 'utf8'))
  .join(' ')
  .toLowerCase()
  .replace(/[^a-z]+/g, ' ')
  .slice(0, 50_000);
const symbols = [...letters].map((letter) => alphabet.indexOf(letter));

const states = 2;

/** Returns the probabilities [states × symbols] that a trained network emits symbols with. */
function emissionsOf(free: Float32Array): number[][] {
  const E = columnSoftmax(Float64Array.from(free), alphabet.length);
  return Array.from({ length: states }, (_, state) => [...alphabet].map((_, k) => E[k * states + state]));
}

/** Returns the share of the vowels, and of the consonants, that the state of the `e` makes likelier than the other. */
function shares(emissions: readonly (readonly number[])[]): { vowels: number; consonants: number } {
  const of = (state: number, letter: string) => emissions[state][alphabet.indexOf(letter)];
  const vowelState = of(0, 'e') > of(1, 'e') ? 0 : 1;
  const share = (some: string) => {
    const count = (letter: string) => symbols.filter((symbol) => symbol === alphabet.indexOf(letter)).length;
    const inState = [...some].filter((letter) => of(vowelState, letter) > of(1 - vowelState, letter));
    const total = (all: readonly string[]) => all.reduce((sum, letter) => sum + count(letter), 0);
    return total(inState) / total([...some]);
  };
  // The h of English is left out: after t, c, s and w it stands where a vowel would.
  return { vowels: share('aeiou'), consonants: share('bcdfgjklmnpqrstvwxz') };
}

/** Returns the best model of two starts, and its nats per letter. */
function baumWelch(): { model: HiddenMarkovModel; nats: number } {
  const runs = [1, 2].map((seed) => {
    let model = randomModel(states, alphabet.length, random(seed));
    let nats = Number.POSITIVE_INFINITY;
    for (let pass = 0; pass < 60; pass++) {
      const next = reestimate(model, symbols);
      model = next.model;
      nats = -next.logLikelihood / symbols.length;
    }
    return { model, nats };
  });
  return runs.reduce((best, run) => (run.nats < best.nats ? run : best));
}

/** Trains the built-in cell by gradients. @returns its emissions and its nats per letter */
async function trained(seed: number): Promise<{ emissions: number[][]; nats: number }> {
  const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  const built = network([builtin('HMM')], { inputs: alphabet.length, outputs: alphabet.length });
  const architecture = { ...built, layers: built.layers.map((layer) => ({ ...layer, hidden: states })) };
  const [batch, steps] = [25, 100];
  const optimizer = { kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0 } as const;
  const net = engine.train(
    architecture,
    { batch, steps, optimizer, dropout: 0, seed },
    initialWeights(architecture, seed),
  );
  const length = Math.floor((symbols.length - 1) / batch);
  const epochs = 15;
  for (let epoch = 0; epoch < epochs; epoch++) {
    net.reset();
    for (let start = 0; start + steps <= length; start += steps) {
      const window = (shift: number) =>
        Int32Array.from({ length: batch * steps }, (_, i) => {
          const [row, t] = [Math.floor(i / steps), i % steps];
          return symbols[row * length + start + t + shift];
        });
      const learningRate = 0.1 * (1 - epoch / epochs);
      net.step(window(0), window(1), { learningRate, clip: 5, l1: 0, l2: 0, carry: steps });
    }
  }
  const nats = net.evaluate(Int32Array.from(symbols.slice(0, -1)), Int32Array.from(symbols.slice(1)), 1);
  const emissions = emissionsOf(net.weights().get('layers.0.E')!.data);
  net.dispose();
  return { emissions, nats };
}

test('two states part vowels and consonants, as likely to 1 % as Baum and Welch’s', async () => {
  expect(symbols).toHaveLength(50_000);
  const classical = baumWelch();
  const runs = await Promise.all([1, 2].map(trained));
  const best = runs.reduce((one, other) => (other.nats < one.nats ? other : one));
  // Without states a letter is as likely as it is frequent.
  const counts = [...alphabet].map(
    (_, k) => symbols.filter((symbol) => symbol === k).length / symbols.length,
  );
  const unigram = counts.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
  expect(classical.nats).toBeLessThan(unigram - 0.05);
  expect(best.nats).toBeLessThan(classical.nats * 1.01);
  for (const emissions of [classical.model.emissions, best.emissions]) {
    const { vowels, consonants } = shares(emissions);
    expect(vowels).toBe(1);
    expect(consonants).toBeLessThan(0.02);
  }
});
