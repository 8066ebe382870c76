// Compares the page that a model is exported to with the model.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import * as fc from 'fast-check';
import { startWasm } from '../../../src/backend/wasm/engine.ts';
import { builtinCells } from '../../../src/cells/index.ts';
import { promptTokens } from '../../../src/completion/decoding/sampling.ts';
import { softmax } from '../../../src/completion/ensemble/softmax.ts';
import { Tokenizer } from '../../../src/data/text/tokens/tokenizer.ts';
import { Vocabulary } from '../../../src/data/text/vocabulary.ts';
import { nodeFiles, publicFiles } from '../../../src/platform/node/files.ts';
import { readPage } from '../../../src/platform/node/page.ts';
import { exportTfjs } from '../../../src/worker/exchange/exportTfjs.ts';
import { readKernels } from '../../kernels/modules.ts';
import { writeRandomModel } from '../../worker/randomModel.ts';
import type { Session, Target } from '../target.ts';
import { kinds, text, write } from '../texts.ts';

interface Input {
  readonly kind: (typeof kinds)[number];
  readonly direction: 'forward' | 'backward';
  readonly texts: readonly string[];
  /** The random number in [0, 1) by which the first token that is written is drawn. */
  readonly at: number;
}

/** The tolerance of a probability: two sums of rounded numbers differ by less. */
const tolerance = 1e-4;

/** The number of tokens of a text along which probabilities are compared. */
const compared = 12;

export const webPage: Target<Input> = {
  name: 'web-page',
  claim:
    'an exported page splits every text into the same tokens as the product, and expects the same after them',
  weight: 0.5,
  inputs: fc.record({
    kind: fc.constantFrom(...kinds),
    direction: fc.constantFrom('forward', 'backward'),
    texts: fc.array(text(40), { minLength: 1, maxLength: 20 }),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
  }),
  open,
};

async function open(): Promise<Session<Input>> {
  const assets = join(import.meta.dirname, '../../../out');
  const { load, generate } = await import(join(assets, 'web/generate.js'));
  const directory = mkdtempSync(join(tmpdir(), 'unroll-soak-page-'));
  const server = createServer(({ url }, response) => response.end(readFileSync(join(directory, url!))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await tf.setBackend('cpu');
  const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  const models = new Map<string, ReturnType<typeof prepare>>();

  async function prepare(kind: Input['kind'], direction: Input['direction']) {
    // Some characters are left out here, so that they are rare or unknown in later texts.
    const learned = write(9000, 1).replaceAll(/[7\r\0ß]|\ud83e\udd8b/gu, '');
    const tokenizer = Tokenizer.learn(kind, Vocabulary.of(learned), learned);
    const name = `${kind}-${direction}`;
    const cells = { GRU: builtinCells.get('GRU')! };
    const { built, weights } = writeRandomModel(join(directory, `${name}.model`), {
      tokenizer,
      cells,
      direction,
    });
    exportTfjs(
      { files: nodeFiles, directory: join(directory, `${name}.model`) },
      { files: publicFiles, directory: join(directory, name) },
      readPage(assets),
    );
    const network = await load(tf, `http://127.0.0.1:${port}/${name}/`);
    return { tokenizer, network, predictor: engine.predict(built, weights) };
  }

  const counts = { 'texts, split': 0, 'tokens, compared': 0, 'tokens, drawn': 0 };
  return {
    async check({ kind, direction, texts, at }) {
      const key = `${kind}-${direction}`;
      const model = models.get(key) ?? prepare(kind, direction);
      models.set(key, model);
      const { tokenizer, network, predictor } = await model;
      for (const each of texts) {
        const [found, wanted] = [network.tokenizer, tokenizer].map((of: Tokenizer) => of.encode(each).join());
        if (found !== wanted)
          throw new Error(`The page splits ${JSON.stringify(each)} into ${found}, not ${wanted}.`);
        counts['texts, split']++;
      }

      // The probabilities are compared along the first text, and the text that is written after the last one.
      const state = predictor.initial();
      const logits = new Float32Array(tokenizer.size);
      const { states } = network.vocabulary;
      let before = states.map(({ initial }: { initial: number[] }) => tf.tensor2d([initial]));
      for (const token of tokenizer.encode(texts[0]).slice(0, compared)) {
        predictor.next(state, token, state, logits);
        const [p, ...after] = network.model.execute(
          {
            token: tf.tensor1d([token], 'int32'),
            ...Object.fromEntries(
              states.map(({ input }: { input: string }, i: number) => [input, before[i]]),
            ),
          },
          ['probabilities', ...states.map(({ output }: { output: string }) => output)],
        ) as tf.Tensor[];
        tf.dispose(before);
        before = after;
        const wanted = logits.slice();
        softmax(wanted);
        const error = (p.dataSync() as Float32Array).reduce(
          (most, each, i) => Math.max(most, Math.abs(each - wanted[i])),
          0,
        );
        p.dispose();
        counts['tokens, compared']++;
        if (!(error < tolerance)) throw new Error(`The page's probabilities are off by ${error}.`);
      }
      tf.dispose(before);

      const prompt = texts.at(-1)!.slice(0, 60);
      const fresh = predictor.initial();
      for (const token of promptTokens(tokenizer, prompt, direction))
        predictor.next(fresh, token, fresh, logits);
      const p = logits.slice();
      p[0] = Number.NEGATIVE_INFINITY;
      softmax(p);
      const { value } = await generate(network, {
        prompt,
        length: 1,
        temperature: 1,
        random: () => at,
      }).next();
      const drawn = tokenizer.symbols.indexOf(value);
      const below = p.subarray(0, drawn).reduce((sum, each) => sum + each, 0);
      counts['tokens, drawn']++;
      if (at < below - tolerance || at > below + p[drawn] + tolerance)
        throw new Error(
          `After ${JSON.stringify(prompt)} the page draws ${JSON.stringify(value)}, which the model does not.`,
        );
    },
    figures: () => counts,
    async close() {
      server.close();
      server.closeAllConnections();
      rmSync(directory, { recursive: true });
    },
  };
}
