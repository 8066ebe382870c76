// Compares encoder-decoders in ONNX Runtime with the engine.
import type { Architecture, Engine, Weights } from '../../src/backend/engine.ts';
import { encodeNetwork } from '../../src/export/onnx/onnxModel.ts';
import { type EncoderDecoderNames, writeEncoderDecoder } from '../../src/export/onnx/writeEncoderDecoder.ts';
import { logProbabilitiesOf } from '../../src/tasks/encoderDecoder/decode.ts';
import { furthest } from './networks.ts';
import { Runtime, type Tensor, type WholeNumbers } from './runtime.ts';

/** Both models in ONNX Runtime. */
export class RuntimePair {
  readonly #encoder: Runtime;
  readonly #decoder: Runtime;
  readonly #names: EncoderDecoderNames;

  constructor(encoder: Runtime, decoder: Runtime, names: EncoderDecoderNames) {
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#names = names;
  }

  static async open(
    encoder: Uint8Array,
    decoder: Uint8Array,
    names: EncoderDecoderNames,
  ): Promise<RuntimePair> {
    return new RuntimePair(await Runtime.open(encoder), await Runtime.open(decoder), names);
  }

  /** Reads sources. @returns what the decoder reads of it at each step, and its states before the first one */
  async encode(inputs: Readonly<Record<string, Tensor | WholeNumbers>>) {
    const values = await this.#encoder.run(inputs);
    const { encoded, states } = this.#names;
    return {
      encoded: Object.fromEntries(encoded.map((name) => [name, values[name]])),
      state: Object.fromEntries(states.map(({ input }) => [input, values[input]])),
    };
  }

  /** Reads a token of each row. */
  async next(
    encoded: Readonly<Record<string, Tensor>>,
    state: Readonly<Record<string, Tensor>>,
    tokens: readonly number[],
  ) {
    const token = { dims: [tokens.length], data: BigInt64Array.from(tokens, BigInt) };
    const values = await this.#decoder.run({ token, ...encoded, ...state });
    const { states, attention } = this.#names;
    return {
      logProbabilities: values.log_probabilities.data,
      state: Object.fromEntries(states.map(({ input, output }) => [input, values[output]])),
      attention: attention.map((name) => values[name].data),
    };
  }

  async close(): Promise<void> {
    await this.#encoder.close();
    await this.#decoder.close();
  }
}

/**
 * Reads a batch of sources of one length, and targets token by token.
 * @param sources tokens, [rows][positions]; or numbers, [rows][columns]
 * @returns the greatest differences of the logarithms of probabilities, and of the weights of attention
 */
export async function pairDifference(
  engine: Engine,
  architecture: Architecture,
  weights: Weights,
  sources: readonly (readonly number[])[],
  targets: readonly (readonly number[])[],
): Promise<number> {
  const { encoder, decoder, names } = writeEncoderDecoder(architecture, weights);
  const runtime = await RuntimePair.open(encodeNetwork(encoder, {}), encodeNetwork(decoder, {}), names);
  const [rows, width] = [sources.length, sources[0].length];
  const readsNumbers = architecture.encoder!.input === 'numbers';
  const begun = await runtime.encode(
    readsNumbers
      ? { numbers: { dims: [rows, 1, width], data: Float32Array.from(sources.flat()) } }
      : { tokens: { dims: [rows, width], data: BigInt64Array.from(sources.flat(), BigInt) } },
  );
  const positions = readsNumbers ? 1 : width;
  const predictors = sources.map((source) => {
    const predictor = engine.predictTarget(architecture, weights);
    const read = predictor.encode(readsNumbers ? Float32Array.from(source) : Int32Array.from(source));
    return { predictor, read, state: predictor.initial(read) };
  });
  let { state } = begun;
  let worst = 0;
  const { outputs } = architecture;
  for (const step of targets[0].keys()) {
    const found = await runtime.next(
      begun.encoded,
      state,
      targets.map((target) => target[step]),
    );
    ({ state } = found);
    for (const [row, { predictor, read, state: before }] of predictors.entries()) {
      const logits = new Float32Array(outputs);
      const looks = new Float32Array(predictor.attention.length * positions);
      predictor.next(read, before, targets[row][step], before, logits, looks);
      const logs = found.logProbabilities.slice(row * outputs, (row + 1) * outputs);
      worst = Math.max(worst, furthest(logs, logProbabilitiesOf(logits)));
      for (const [vector, weightsOfRows] of found.attention.entries())
        worst = Math.max(
          worst,
          furthest(
            weightsOfRows.slice(row * positions, (row + 1) * positions),
            looks.slice(vector * positions, (vector + 1) * positions),
          ),
        );
    }
  }
  for (const { predictor } of predictors) predictor.dispose();
  await runtime.close();
  return worst;
}
