// Runs models in ONNX Runtime.
import * as ort from 'onnxruntime-web';

// One thread: the tests run side by side.
ort.env.wasm.numThreads = 1;

export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export interface WholeNumbers {
  readonly dims: readonly number[];
  readonly data: BigInt64Array;
}

/** Makes the input of a network, [rows × steps]. */
export const tokensOf = (rows: readonly (readonly number[])[]): WholeNumbers => ({
  dims: [rows.length, rows[0].length],
  data: BigInt64Array.from(rows.flat(), (token) => BigInt(token)),
});

export class Runtime {
  readonly #session: ort.InferenceSession;

  constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  static async open(model: Uint8Array): Promise<Runtime> {
    return new Runtime(await ort.InferenceSession.create(model, { logSeverityLevel: 3 }));
  }

  get outputNames(): readonly string[] {
    return this.#session.outputNames;
  }

  async run(
    inputs: Readonly<Record<string, Tensor | WholeNumbers>>,
  ): Promise<Readonly<Record<string, Tensor>>> {
    const feeds = Object.entries(inputs).map(([name, { data, dims }]) => [
      name,
      data instanceof BigInt64Array
        ? new ort.Tensor('int64', data, dims)
        : new ort.Tensor('float32', data, dims),
    ]);
    const results = await this.#session.run(Object.fromEntries(feeds));
    return Object.fromEntries(
      Object.entries(results).map(([name, { dims, data }]) => [name, { dims, data: data as Float32Array }]),
    );
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}
