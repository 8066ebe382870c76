// A cell as a layer of TensorFlow.js. It treats sequences, states and masks as TensorFlow.js's own recurrent
// layers do, so that it works wherever they do.
import type * as tfjs from '@tensorflow/tfjs';
import { Problem } from '../protocol/problem.ts';
import { initialise } from '../tape/initialise.ts';
import { random } from '../tape/random.ts';
import type { CompiledCell } from './cell.ts';
import type { CellLayer, CellLayerConfig, CellShape, TensorFlow } from './types.ts';

type Shape = tfjs.Shape;
type Kwargs = Parameters<tfjs.layers.Layer['call']>[1];
type Tensors = tfjs.Tensor | tfjs.Tensor[];
type Symbols = tfjs.SymbolicTensor | tfjs.SymbolicTensor[];

/** The known keys of a configuration: the layer's own, and those of every layer of TensorFlow.js. */
const known = new Set([
  ...['cell', 'units', 'returnSequences', 'returnState', 'goBackwards', 'stateful', 'seed'],
  ...['name', 'trainable', 'weights', 'dtype', 'inputShape', 'batchInputShape', 'batchSize', 'inputDType'],
  // This option changes nothing in TensorFlow.js, which always goes step by step.
  'unroll',
]);

/** Defines the layer's class for one instance of TensorFlow.js and registers it for `tf.loadLayersModel`. */
export function defineLayer(
  tf: TensorFlow,
  makeCell: (cell: string, shape: CellShape) => CompiledCell,
): new (
  config: CellLayerConfig,
) => CellLayer {
  class UnrollCell extends tf.layers.Layer implements CellLayer {
    static className = 'UnrollCell';
    // tf.layers.bidirectional reads these fields of its layer.
    readonly returnSequences: boolean;
    readonly returnState: boolean;
    readonly goBackwards: boolean;
    override readonly supportsMasking = true;
    readonly #config: CellLayerConfig;
    #cell: CompiledCell | null = null;
    readonly #variables = new Map<string, tfjs.LayerVariable>();
    /** The states where the next batch begins, in the cell's order; null for the cell's initial states. */
    #kept: readonly tfjs.Tensor[] | null = null;

    constructor(config: CellLayerConfig) {
      const unknown = Object.keys(config).filter((key) => !known.has(key));
      if (unknown.length > 0)
        throw new Problem(
          `The layer does not know \`${unknown.join('`, `')}\`: what is computed in a step stands in the text of its cell.`,
        );
      super(config);
      this.#config = config;
      this.returnSequences = config.returnSequences ?? false;
      this.returnState = config.returnState ?? false;
      this.goBackwards = config.goBackwards ?? false;
      this._stateful = config.stateful ?? false;
      this.inputSpec = [new tf.InputSpec({ ndim: 3 })];
    }

    override build(inputShape: Shape | Shape[]): void {
      const cell = this.#cellFor(inputShape);
      this.#cell = cell;
      const next = random(this.#config.seed ?? 1);
      for (const { name, shape, initialiser, trained } of cell.parameters) {
        const initializer = {
          apply: (of: Shape) => tf.tensor(initialise(initialiser, of as number[], next), of as number[]),
        };
        const variable = this.addWeight(
          // `h[0]` is not a valid name of a tensor.
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

    /** The states where the next batch begins; tf.layers.bidirectional counts them. */
    get states(): readonly (tfjs.Tensor | null)[] {
      return this.#kept ?? this.#built.states.map(() => null);
    }

    override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
      const { outputs, states } = this.#cellFor(inputShape);
      const [batch, steps] = only(inputShape);
      const shape: Shape = this.returnSequences ? [batch, steps, outputs] : [batch, outputs];
      return this.returnState ? [shape, ...states.map(({ width }): Shape => [batch, width])] : shape;
    }

    override computeMask(_inputs: Tensors, mask?: Tensors): Tensors {
      const output = (this.returnSequences ? first(mask) : null) as tfjs.Tensor;
      if (!this.returnState) return output;
      return [output, ...this.#built.states.map(() => null as unknown as tfjs.Tensor)];
    }

    /** Symbolic initial states become inputs like the sequence, as in tf.layers.rnn. */
    override apply(inputs: Tensors | Symbols, kwargs: Kwargs = {}): Tensors | Symbols {
      const [x, ...more] = (Array.isArray(inputs) ? inputs : [inputs]) as tfjs.SymbolicTensor[];
      // TensorFlow.js hands the same `kwargs` to the next layer.
      const { initialState, ...others } = kwargs;
      const given = more.length > 0 ? more : initialState;
      const states: tfjs.SymbolicTensor[] = given ? (Array.isArray(given) ? given : [given]) : [];
      if (!(states[0] instanceof tf.SymbolicTensor))
        return super.apply(x, states.length > 0 ? { ...others, initialState: states } : others);
      const { inputSpec } = this;
      this.inputSpec = [...inputSpec, ...states.map(({ shape }) => new tf.InputSpec({ shape }))];
      try {
        return super.apply([x, ...states], others);
      } finally {
        this.inputSpec = inputSpec;
      }
    }

    override call(inputs: Tensors, kwargs: Kwargs): Tensors {
      return tf.tidy(() => {
        const cell = this.#built;
        const forward = first(inputs) as tfjs.Tensor3D;
        const shown: tfjs.Tensor | null = first(kwargs.mask);
        // The mask is cast to 32 bits, because reversing a tensor of bytes corrupts the memory of the wasm
        // backend of TensorFlow.js.
        const given = shown && tf.cast<tfjs.Tensor2D>(shown as tfjs.Tensor2D, 'float32');
        const turn = <T extends tfjs.Tensor>(x: T): T => (this.goBackwards ? tf.reverse(x, 1) : x);
        const mask = given && turn(given.rank === 3 ? tf.squeeze<tfjs.Tensor2D>(given, [2]) : given);
        const before = kwargs.initialState ?? this.#kept;
        const parameters = [...this.#variables].map(([name, variable]) => [name, variable.read()]);
        const { y, states } = cell.apply(
          turn(forward),
          Object.fromEntries(parameters),
          before ? this.#named(before, forward.shape[0]) : undefined,
          mask ?? undefined,
        );
        const after = cell.states.map(({ name }) => states[name]);
        if (this.stateful) this.#keep(after);
        const [batch, steps, outputs] = y.shape;
        const output = this.returnSequences
          ? y
          : tf.slice(y, [0, steps - 1, 0], [batch, 1, outputs]).reshape([batch, outputs]);
        return this.returnState ? [output, ...after] : output;
      });
    }

    override resetStates(states: tfjs.Tensor | readonly tfjs.Tensor[] | null = null): void {
      if (!this.stateful)
        throw new Problem(`The layer ${this.name} keeps no states: make it with \`stateful: true\`.`);
      if (states === null) return this.#keep(null);
      const list = states instanceof tf.Tensor ? [states] : states;
      if (this.#cell) this.#named(list, list[0]?.shape[0] ?? 0);
      this.#keep(list);
    }

    override dispose(): ReturnType<tfjs.layers.Layer['dispose']> {
      const result = super.dispose();
      if (result.refCountAfterDispose === 0) this.#keep(null);
      return result;
    }

    override getConfig(): tfjs.serialization.ConfigDict {
      const { cell, units, seed = 1 } = this.#config;
      const { returnSequences, returnState, goBackwards, stateful } = this;
      // TensorFlow.js rewrites every string of a configuration (`W_z` → `wZ`) unless its key is `name`.
      const own = { cell: { name: cell }, units, returnSequences, returnState, goBackwards, stateful, seed };
      return { ...super.getConfig(), ...own };
    }

    static override fromConfig<T extends tfjs.serialization.Serializable>(
      made: tfjs.serialization.SerializableConstructor<T>,
      { customObjects: _, ...config }: tfjs.serialization.ConfigDict,
    ): T {
      return new made({ ...config, cell: (config.cell as { name: string }).name });
    }

    get #built(): CompiledCell {
      return this.#cell!;
    }

    #cellFor(inputShape: Shape | Shape[]): CompiledCell {
      const { cell, units } = this.#config;
      return this.#cell ?? makeCell(cell, { units, inputs: only(inputShape).at(-1)! });
    }

    /**
     * Returns states by name.
     * @throws Problem when they are not the cell's states for `batch` rows
     */
    #named(states: readonly tfjs.Tensor[], batch: number): tfjs.NamedTensorMap {
      const wanted = this.#built.states;
      const shapes = (of: readonly (readonly number[])[]) =>
        of.map((shape) => `[${shape.join(', ')}]`).join(', ');
      const expected = shapes(wanted.map(({ width }) => [batch, width]));
      const found = shapes(states.map(({ shape }) => shape));
      if (expected !== found)
        throw new Problem(
          `The states of ${this.name} for ${batch} rows are ${wanted.map(({ name }) => name).join(', ')}: ${expected}, not ${found}.${
            this.#kept === states
              ? ' It is stateful: call `resetStates()` before a batch of another size.'
              : ''
          }`,
        );
      return Object.fromEntries(wanted.map(({ name }, index) => [name, states[index]]));
    }

    /**
     * Replaces the kept states and disposes of the old ones: a gradient through those has copies of its own.
     */
    #keep(states: readonly tfjs.Tensor[] | null): void {
      const before = this.#kept;
      this.#kept = states?.map((state) => tf.keep(state.clone())) ?? null;
      if (before) tf.dispose([...before]);
    }
  }
  tf.serialization.registerClass(
    UnrollCell as unknown as Parameters<typeof tf.serialization.registerClass>[0],
  );
  return UnrollCell;
}

const only = (shape: Shape | Shape[]): Shape => (Array.isArray(shape[0]) ? shape[0] : (shape as Shape));

function first<T>(of: T | T[] | null | undefined): T | null {
  return (Array.isArray(of) ? of[0] : of) ?? null;
}
