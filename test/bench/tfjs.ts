// Two contenders of the benchmark run on TensorFlow.js's WebAssembly backend: its own layers, and compiled
// cells as its layers. The arguments are: engine cell layers hidden. A contender prints 'ready'; then, for
// each line on standard input, it trains one step and prints tokens per second.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

const [engine, cell, layers, hidden] = process.argv.slice(2);
const [symbols, batch, steps] = [96, 50, 50];

const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
setWasmPaths(`${dirname(wasm)}/dist/`);
await tf.setBackend('wasm');
await tf.ready();

const bundle = new URL('../../out/cells.js', import.meta.url).href;
const { cells } = (await import(bundle)) as typeof import('../../src/library/cells.ts');
const { layer: compiled } = await cells(tf, {
  read: (build) => readFile(new URL(`../../out/kernels/${build}.wasm`, import.meta.url)),
});
const text = await readFile(new URL(`../../src/cells/${cell}.rnn`, import.meta.url), 'utf8');
const theirs = { lstm: tf.layers.lstm, gru: tf.layers.gru, elman: tf.layers.simpleRNN };
const model = tf.sequential();
for (let layer = 0; layer < Number(layers); layer++) {
  const shape = layer === 0 ? { inputShape: [steps, symbols] } : {};
  const config = { units: Number(hidden), returnSequences: true, ...shape };
  model.add(
    engine === 'tfjs-cells-wasm'
      ? compiled({ ...config, cell: text })
      : // Their orthogonal initialiser takes seconds, which are no part of what is measured.
        theirs[cell as keyof typeof theirs]({ ...config, recurrentInitializer: 'glorotUniform' } as never),
  );
}
model.add(tf.layers.dense({ units: symbols, activation: 'softmax' }));
model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy' });
const hot = () => tf.oneHot(tf.randomUniform([batch, steps], 0, symbols, 'int32').toInt(), symbols).toFloat();
const [x, y] = [hot(), hot()];
await model.trainOnBatch(x, y);
process.stdout.write('ready\n');
for await (const _ of createInterface({ input: process.stdin })) {
  const from = performance.now();
  const cpu = process.cpuUsage();
  await model.trainOnBatch(x, y);
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  process.stdout.write(
    `${JSON.stringify({
      tokensPerSecond: (batch * steps) / seconds,
      tokensPerCpuSecond: (batch * steps * 1e6) / (user + system),
      megabytes: process.resourceUsage().maxRSS / 1024,
    })}\n`,
  );
}
