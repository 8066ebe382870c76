// npm run bench -- science [--json FILE] [--only TEXT]…
//
// Tries what the literature says of recurrent networks beyond language models, each as a row of a name, a value and the bound
// that it has to keep. The exit code is 1 where one falls short. All of it is seeded.
//
// --only adding    only rows whose name has this in it
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Engine } from '../../src/backend/engine.ts';
import { startWasm } from '../../src/backend/wasm/engine.ts';
import { nodeFiles } from '../../src/platform/node/files.ts';
import { readForecaster } from '../../src/store/modelFolder.ts';
import { openForecaster } from '../../src/tasks/forecaster/open.ts';
import { atLeast, atMost, endWith, printRow, type Row } from './rows.ts';
import { allowed, mistaken, solveAddingProblem, tried } from './science/addingProblem.ts';
import { constantGuess, solveLongAddition } from './science/longAddition.ts';
import { lyapunovErrors } from './science/lyapunovMaps.ts';
import { horizon, mackeyGlass, reservoir, trainingSteps } from './science/mackeyGlass.ts';
import { addition } from './science/plainAddition.ts';
import {
  mistaken as mistakenShare,
  type Problem,
  solveGradientDescent,
  solveHessianFree,
} from './science/plainNetworks.ts';
import { temporalOrder } from './science/plainOrder.ts';

const { values: options } = parseArgs({
  options: { json: { type: 'string' }, only: { type: 'string', multiple: true } },
});
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'out', 'bench');
const say = (line: string) => void process.stderr.write(`${line}\n`);

const startEngine = async (): Promise<Engine> => {
  const read = async (build: string) => readFileSync(join(root, 'out', 'kernels', `${build}.wasm`));
  const engine = await startWasm({ read, threads: 1, spawn: null });
  if (!engine) throw new Error('WebAssembly has no SIMD here.');
  return engine;
};

/** Trains by the command line, as a user does it, and runs freely from other parts of the attractor. */
async function mackeyGlassRows(): Promise<Row[]> {
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  // One row more than there are steps; a tenth of the rows is held out.
  const rows = Math.floor((trainingSteps + 1) / 0.9) + 1;
  const lines = Array.from(mackeyGlass(rows, 1.2), (value, t) => `${t},${value.toFixed(12)}`);
  const table = write('mackey-glass.csv', ['t,x', ...lines].join('\n'));
  const cell = write('mackey-glass.rnn', reservoir);
  const model = join(folder, 'mackey-glass');
  const train = ['train', table, '--task', 'forecaster', '--cell', cell, '--seed', '1', '--out', model];
  execFileSync(process.execPath, [join(root, 'out', 'cli.cjs'), ...train], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const stored = readForecaster(nodeFiles, model);
  const forecaster = openForecaster(await startEngine(), stored);
  const { deviation } = stored.series.standardisation.writes[0];
  const history = 1000;
  const origins = 50;
  let squares = 0;
  for (let origin = 0; origin < origins; origin++) {
    const series = mackeyGlass(history + horizon, 0.5 + 0.01 * origin);
    const forecast = forecaster.forecast(series.subarray(0, history), {
      steps: horizon,
      level: 0.8,
      paths: 1,
      seed: 1,
    });
    squares += ((forecast[horizon - 1][0].value - series[history + horizon - 1]) / deviation) ** 2;
  }
  forecaster.dispose();
  const name = `Mackey-Glass, τ = 17, 400 units, ridge: NRMSE ${horizon} steps ahead`;
  return [atMost(name, Math.sqrt(squares / origins), 0.01)];
}

async function addingProblemRows(): Promise<Row[]> {
  const wrong = solveAddingProblem(await startEngine(), 100, 1, say);
  const name = `adding problem, T = 100: mistakes in ${tried} after ${allowed} sequences`;
  return [atMost(name, wrong, mistaken)];
}

async function longAdditionRows(): Promise<Row[]> {
  const error = solveLongAddition(await startEngine(), 1, say);
  const name = 'adding problem, T = 400, IRNN, the length doubled from 25 on: mean squared error';
  return [atMost(name, error, constantGuess / 10)];
}

async function lyapunovRows(): Promise<Row[]> {
  return lyapunovErrors().map(({ name, error }) =>
    atMost(`Lyapunov exponent, ${name}: relative error`, error, 0.01),
  );
}

async function plainRows(problem: Problem): Promise<Row[]> {
  const engine = await startEngine();
  const free = solveHessianFree(engine, problem, say);
  const descended = solveGradientDescent(engine, problem, free.passes, say);
  const task = `${problem.name}, T = ${problem.length}, plain tanh network`;
  return [
    atMost(`${task}, Hessian-free: share of mistakes`, free.wrong, mistakenShare),
    atLeast(
      `${task}, gradient descent, as many passes: share of mistakes`,
      descended.wrong,
      10 * mistakenShare,
    ),
  ];
}

mkdirSync(folder, { recursive: true });
const measures = {
  'Mackey-Glass': mackeyGlassRows,
  'adding problem': addingProblemRows,
  'long addition': longAdditionRows,
  Lyapunov: lyapunovRows,
  'plain addition': () => plainRows(addition()),
  'temporal order': () => plainRows(temporalOrder()),
};
const rows: Row[] = [];
for (const [name, measure] of Object.entries(measures)) {
  if (options.only && !options.only.some((text) => name.includes(text))) continue;
  for (const row of await measure()) {
    rows.push(row);
    printRow(row);
  }
}
endWith(rows, options.json);
