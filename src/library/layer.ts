// A cell as a layer of TensorFlow.js, beside its own tf.layers.lstm.
import type * as tfjs from '@tensorflow/tfjs';
import { initialise } from '../tape/initialise.ts';
import { random } from '../tape/random.ts';
import type { CompiledCell } from './cell.ts';
import type { CellLayerConfig, CellShape, TensorFlow } from './cells.ts';

type Shape = tfjs.Shape;

/** The class, for one instance of TensorFlow.js: also known to `tf.loadLayersModel`. */
export function defineLayer(
  tf: TensorFlow,
  makeCell: (cell: string, shape: CellShape) => CompiledCell,
): new (
  config: CellLayerConfig,
) => tfjs.layers.Layer {
  class CellLayer extends tf.layers.Layer {
    static className = 'UnrollCell';
    readonly #config: CellLayerConfig;
    #cell: CompiledCell | null = null;
    readonly #variables = new Map<string, tfjs.LayerVariable>();

    constructor(config: CellLayerConfig) {
      super(config);
      this.#config = config;
    }

    override build(inputShape: Shape | Shape[]): void {
      const { cell, units, seed = 1 } = this.#config;
      this.#cell = makeCell(cell, { units, inputs: only(inputShape).at(-1)! });
      const next = random(seed);
      for (const { name, shape, initialiser, trained } of this.#cell.parameters) {
        const initializer = {
          apply: (of: Shape) => tf.tensor(initialise(initialiser, of as number[], next), of as number[]),
        };
        const variable = this.addWeight(
          // `h[0]` is no name of a tensor.
          name.replace('[0]', '.0'),
          [...shape],
          'float32',
          initializer as unknown as Parameters<typeof this.addWeight>[3],
          undefined,
          trained,
        );
        this.#variables.set(name, variable);
      }
      super.build(inputShape);
    }

    override computeOutputShape(inputShape: Shape | Shape[]): Shape {
      const { cell, units, returnSequences } = this.#config;
      const [batch, steps, inputs] = only(inputShape);
      const { outputs } = this.#cell ?? makeCell(cell, { units, inputs: inputs! });
      return returnSequences ? [batch, steps, outputs] : [batch, outputs];
    }

    override call(inputs: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
      return tf.tidy(() => {
        const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tfjs.Tensor3D;
        const parameters = [...this.#variables].map(([name, variable]) => [name, variable.read()]);
        const { y } = this.#cell!.apply(x, Object.fromEntries(parameters));
        const [batch, steps, outputs] = y.shape;
        if (this.#config.returnSequences) return y;
        return tf.slice(y, [0, steps - 1, 0], [batch, 1, outputs]).reshape([batch, outputs]);
      });
    }

    override getConfig(): tfjs.serialization.ConfigDict {
      const { cell, units, returnSequences = false, seed = 1 } = this.#config;
      // TensorFlow.js changes every string of a configuration (`W_z` → `wZ`), but for those called `name`.
      return { ...super.getConfig(), cell: { name: cell }, units, returnSequences, seed };
    }

    static override fromConfig<T extends tfjs.serialization.Serializable>(
      made: tfjs.serialization.SerializableConstructor<T>,
      config: tfjs.serialization.ConfigDict,
    ): T {
      return new made({ ...config, cell: (config.cell as { name: string }).name });
    }
  }
  tf.serialization.registerClass(
    CellLayer as unknown as Parameters<typeof tf.serialization.registerClass>[0],
  );
  return CellLayer;
}

const only = (shape: Shape | Shape[]): Shape => (Array.isArray(shape[0]) ? shape[0] : (shape as Shape));
