// npm run soak -- [TARGET…] [--minutes N] [--seed S] [--cases N] [--input JSON] [--jobs N] [--json]
//   [--report FILE]
//
// Tries to break the product in every way in `targets/`, each in a process of its own, and prints figures.
// Every failure is kept, with its smallest input, in `failures/`, and tried again by `npm test` from then on.
//
// --minutes N     sets the time for all targets together, split by their weights; 3 without a number of cases
// --cases N       ends each target after N inputs
// --seed S        tries the same inputs again; otherwise a fresh seed is printed
// --input JSON    tries this one input of the one target
// --jobs N        runs N targets at once; by default as many as there are processors
// --report FILE   writes how many targets held and how many failed, in the shape of Vitest's report
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import './rnnLoader.ts';
import type { Failure } from './failure.ts';
import type { SoakMessage, SoakTask } from './protocol.ts';
import type { Target } from './target.ts';

interface Outcome {
  readonly name: string;
  readonly claim: string;
  cases: number;
  seconds: number;
  /** Whether every input of a finite list has been tried. */
  complete: boolean;
  figures: Readonly<Record<string, number>>;
  failures: (Failure & { readonly file: string | null })[];
}

/** A process that is silent for this many seconds has hung. */
const patience = 180;

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        minutes: { type: 'string' },
        cases: { type: 'string' },
        seed: { type: 'string' },
        input: { type: 'string' },
        jobs: { type: 'string' },
        json: { type: 'boolean', default: false },
        report: { type: 'string' },
      },
    });
  } catch (error) {
    return fail((error as Error).message);
  }
}

const { values, positionals } = readArguments();

function numberOf(option: 'minutes' | 'cases' | 'seed' | 'jobs', least: number): number | null {
  const text = values[option];
  if (text === undefined) return null;
  const value = Number(text);
  if (!(value >= least) || (option !== 'minutes' && !Number.isSafeInteger(value)))
    fail(`--${option} is a number of at least ${least}, not '${text}'.`);
  return value;
}

function readInput(text: string): unknown {
  if (positionals.length !== 1) fail('--input belongs to one target: name it.');
  try {
    return JSON.parse(text);
  } catch {
    return fail(`--input is JSON, as in the files of \`failures\`, not '${text}'.`);
  }
}

const { targets } = await import('./targets/index.ts');
const unknown = positionals.filter((name) => !targets.some((target) => target.name === name));
if (unknown.length > 0)
  fail(
    `There is no target '${unknown.join("', '")}'. There are ${targets.map(({ name }) => name).join(', ')}.`,
  );
const chosen = positionals.length > 0 ? targets.filter(({ name }) => positionals.includes(name)) : targets;
const cases = numberOf('cases', 1);
const minutes = numberOf('minutes', 0) ?? (cases === null && values.input === undefined ? 3 : null);
const seed = (numberOf('seed', -(2 ** 31)) ?? randomInt(2 ** 31)) | 0;
const input = values.input === undefined ? undefined : readInput(values.input);
const jobs = Math.min(numberOf('jobs', 1) ?? availableParallelism(), chosen.length);
const say = (line: string) => void process.stderr.write(`${line}\n`);

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));

/**
 * Runs a target in a process. It settles when the process has ended, also when it hung or crashed, which are
 * failures.
 */
function soak(target: Target, task: SoakTask): Promise<Outcome> {
  const { name, claim } = target;
  const outcome: Outcome = {
    name,
    claim,
    cases: 0,
    seconds: 0,
    complete: false,
    figures: {},
    failures: [],
  };
  const began = performance.now();
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const script = join(import.meta.dirname, 'session.ts');
  const loader = `--import=${new URL('rnnLoader.ts', import.meta.url)}`;
  const child = spawn(process.execPath, ['--expose-gc', loader, script, JSON.stringify(task)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  children.add(child);
  let errors = '';
  let batch: number | null = null;
  let ended = false;
  let hung = false;
  const hang = () => {
    hung = true;
    child.kill('SIGKILL');
  };
  let watch = setTimeout(hang, 1000 * patience);
  child.stderr!.on('data', (text) => {
    errors = (errors + text).slice(-4000);
  });
  child.on('message', (message: SoakMessage) => {
    clearTimeout(watch);
    watch = setTimeout(hang, 1000 * patience);
    switch (message.type) {
      case 'batch':
        batch = message.seed;
        return;
      case 'progress':
        outcome.cases = message.cases;
        outcome.figures = message.figures;
        return;
      case 'failure':
        outcome.failures.push({ ...message.failure, file: message.file });
        say(`${name}: ${message.failure.message.split('\n')[0]}`);
        return;
      case 'done':
        ended = true;
        outcome.complete = message.complete;
    }
  });
  child.on('close', (code, signal) => {
    clearTimeout(watch);
    children.delete(child);
    outcome.seconds = (performance.now() - began) / 1000;
    if (!ended) {
      const message = hung
        ? `The target said nothing for ${patience} s.`
        : `The target's process ended with ${signal ?? code}.\n${errors}`;
      outcome.failures.push({ input: null, message, seed: batch, file: null });
      say(`${name}: ${message}`);
    }
    resolve(outcome);
  });
  return promise;
}

const total = chosen.reduce((sum, { weight }) => sum + weight, 0);
const waiting = [...chosen].sort((a, b) => b.weight - a.weight);
const outcomes: Outcome[] = [];
say(`Seed ${seed}; ${chosen.map(({ name }) => name).join(', ')}`);
await Promise.all(
  Array.from({ length: jobs }, async () => {
    for (let target = waiting.shift(); target; target = waiting.shift()) {
      const seconds = minutes === null ? null : (60 * minutes * jobs * target.weight) / total;
      outcomes.push(await soak(target, { name: target.name, seed, seconds, cases, input }));
    }
  }),
);
outcomes.sort(
  (a, b) => chosen.findIndex((t) => t.name === a.name) - chosen.findIndex((t) => t.name === b.name),
);

/** Formats a figure; null is a number that was not finite, which JSON turns into null on its way here. */
const figure = (value: number | null) =>
  value === null ? 'not finite' : value.toLocaleString('en', { maximumSignificantDigits: 6 });

function print({ name, claim, cases, seconds, complete, figures, failures }: Outcome): string {
  const counted = `${figure(cases)} cases${complete ? ', which are all' : ''}, ${figure(Math.round(seconds))} s`;
  return [
    `${failures.length === 0 ? '✓' : '✗'} ${name}: ${claim}`,
    `    ${[counted, ...Object.entries(figures).map(([what, value]) => `${what}: ${figure(value)}`)].join(' · ')}`,
    ...failures.flatMap(({ message, input, seed, file }) => [
      `    ✗ ${message.replaceAll('\n', '\n      ')}`,
      `      seed ${seed ?? 'none'}, ${file ?? JSON.stringify(input)}`,
    ]),
  ].join('\n');
}

if (values.json) process.stdout.write(`${JSON.stringify({ seed, targets: outcomes }, null, 2)}\n`);
else process.stdout.write(`${outcomes.map(print).join('\n')}\nSeed ${seed}\n`);
const failed = outcomes.filter(({ failures }) => failures.length > 0).length;
if (values.report)
  writeFileSync(
    values.report,
    JSON.stringify({ numPassedTests: outcomes.length - failed, numFailedTests: failed }),
  );
process.exitCode = failed > 0 ? 1 : 0;
