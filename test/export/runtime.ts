// Runs models in ONNX Runtime.
import * as ort from 'onnxruntime-web';

// One thread: the tests run side by side.
ort.env.wasm.numThreads = 1;

export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export class Runtime {
  readonly #session: ort.InferenceSession;

  constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  static async open(model: Uint8Array): Promise<Runtime> {
    return new Runtime(await ort.InferenceSession.create(model, { logSeverityLevel: 3 }));
  }

  get inputNames(): readonly string[] {
    return this.#session.inputNames;
  }

  get outputNames(): readonly string[] {
    return this.#session.outputNames;
  }

  /** @param tokens whole numbers for the input `tokens`, [rows × steps] */
  async run(
    inputs: Readonly<Record<string, Tensor>>,
    tokens: readonly (readonly number[])[] | null = null,
  ): Promise<Readonly<Record<string, Tensor>>> {
    const feeds: Record<string, ort.Tensor> = {};
    for (const [name, { data, dims }] of Object.entries(inputs))
      feeds[name] = new ort.Tensor('float32', data, dims);
    if (tokens)
      feeds.tokens = new ort.Tensor('int64', BigInt64Array.from(tokens.flat(), (token) => BigInt(token)), [
        tokens.length,
        tokens[0].length,
      ]);
    const results = await this.#session.run(feeds);
    return Object.fromEntries(
      Object.entries(results).map(([name, { dims, data }]) => [name, { dims, data: data as Float32Array }]),
    );
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}
