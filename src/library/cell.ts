// A cell for programs that use TensorFlow.js, with parameters and states by name and one operation.
import type * as tfjs from '@tensorflow/tfjs';
import type { Machine } from '../backend/wasm/module.ts';
import { builtinCells } from '../cells/index.ts';
import { widthOf } from '../language/widths.ts';
import { Problem } from '../protocol/problem.ts';
import { compileRecurrence } from '../tape/compile.ts';
import type { State } from '../tape/graph.ts';
import { initialise } from '../tape/initialise.ts';
import type { ParameterDescription } from '../tape/parameterDescription.ts';
import { cellParameters, learnedStates } from '../tape/parameters.ts';
import { random } from '../tape/random.ts';
import { readLastCell } from '../training/readOptions.ts';
import { Alignment } from './alignment.ts';
import { Operation, runOperation } from './operation.ts';
import type { Cell, CellShape, CellState, TensorFlow } from './types.ts';

export class CompiledCell implements Cell {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly parameters: readonly ParameterDescription[];
  readonly states: readonly CellState[];
  readonly #tf: TensorFlow;
  readonly #operation: Operation;
  readonly #initial: readonly State[];

  /**
   * @param text the name of a built-in cell, or the text of a `.rnn` file, whose last cell it is
   * @throws Problem when there is no such cell, it has a mistake, or it reads the network's output
   */
  constructor(tf: TensorFlow, machine: Machine, text: string, { units, inputs }: CellShape) {
    for (const [name, value] of Object.entries({ units, inputs }))
      if (!Number.isInteger(value) || value < 1)
        throw new Problem(`\`${name}\` is a whole number from 1, not ${value}.`);
    const cell = readLastCell(
      builtinCells.get(text) ?? text,
      builtinCells.has(text) ? `The cell ${text}` : 'The text',
    );
    if (cell.outputLag > 0 || cell.distribution || cell.readsSymbols)
      throw new Problem(
        `The cell ${cell.name} ${cell.outputLag > 0 ? 'reads' : 'gives'} the network's output \`y\`, which an operation by itself does not know.`,
      );
    const computed = cell.equations.find(({ initial }) => initial.kind === 'computed');
    if (computed || cell.readsGiven || cell.readsPositions)
      throw new Problem(
        `The cell ${cell.name} ${computed ? `computes \`${computed.name}[0]\`` : 'reads from an encoder'}: a layer by itself begins at a state that is constant or learned, and has no encoder.`,
      );
    const widths = { x: inputs, h: units, y: 0 };
    const compiled = compileRecurrence(cell, widths);
    const own = cellParameters(cell, widths);
    this.name = cell.name;
    this.inputs = inputs;
    this.outputs = widthOf(cell.equations.find(({ name }) => name === cell.output)!.width, widths);
    this.parameters = [...own, ...learnedStates(cell, widths)];
    this.#initial = compiled.graph.states;
    this.states = this.#initial.flatMap(({ key, lags, node: { width } }) =>
      Array.from({ length: lags }, (_, i) => ({ name: `${key}[t-${i + 1}]`, width })),
    );
    this.#tf = tf;
    const output = this.states.findIndex(({ name }) => name === `${cell.output}[t-1]`);
    this.#operation = new Operation(machine, compiled, {
      states: this.states,
      parameters: own,
      output: output < 0 ? null : output,
    });
  }

  initialParameters(seed = 1): tfjs.NamedTensorMap {
    const next = random(seed);
    return Object.fromEntries(
      this.parameters.map(({ name, shape, initialiser }) => [
        name,
        this.#tf.tensor(initialise(initialiser, shape, next), [...shape]),
      ]),
    );
  }

  initialStates(parameters: tfjs.NamedTensorMap, batch: number): tfjs.NamedTensorMap {
    const tf = this.#tf;
    return tf.tidy(() =>
      Object.fromEntries(
        this.#initial.flatMap(({ key, lags, initial, first, node: { width } }) => {
          const known = 'learned' in initial ? parameters[initial.learned] : tf.fill([first], initial.value);
          const row = tf.pad(known as tfjs.Tensor1D, [[0, width - first]]).reshape([1, width]);
          return Array.from({ length: lags }, (_, i) => [`${key}[t-${i + 1}]`, tf.tile(row, [batch, 1])]);
        }),
      ),
    );
  }

  apply(
    x: tfjs.Tensor3D,
    parameters: tfjs.NamedTensorMap,
    states?: tfjs.NamedTensorMap,
    mask?: tfjs.Tensor2D,
  ): { y: tfjs.Tensor3D; states: tfjs.NamedTensorMap } {
    const [batch, steps, inputs] = x.shape;
    if (x.rank !== 3 || inputs !== this.inputs)
      throw new Problem(`${this.name} reads [batch, steps, ${this.inputs}], not [${x.shape.join(', ')}].`);
    if (steps === 0) throw new Problem(`${this.name} reads one step at least, not a sequence of none.`);
    if (mask && mask.shape.join() !== `${batch},${steps}`)
      throw new Problem(
        `The mask of ${this.name} is [${batch}, ${steps}], as the sequence is, not [${mask.shape.join(', ')}].`,
      );
    const shown = mask?.dataSync();
    const alignment = shown?.includes(0) ? new Alignment(shown, batch, steps) : null;
    return this.#tf.tidy(() => {
      const before = states ?? this.initialStates(parameters, batch);
      const inputs = [
        this.#tf.cast(x, 'float32'),
        ...this.states.map(({ name, width }) => this.#find(before, 'state', name, [batch, width])),
        ...this.#operation.signature.parameters.map(({ name, shape }) =>
          this.#find(parameters, 'parameter', name, shape),
        ),
      ];
      const found = runOperation(this.#tf, this.#operation, inputs, alignment);
      const after = this.states.map(({ name }, index) => [name, found.states[index]]);
      return { y: found.y, states: Object.fromEntries(after) };
    });
  }

  #find(given: tfjs.NamedTensorMap, what: string, name: string, shape: readonly number[]): tfjs.Tensor {
    const found = given[name];
    if (!found) throw new Problem(`${this.name} needs the ${what} \`${name}\`, [${shape.join(', ')}].`);
    if (found.shape.join() !== shape.join())
      throw new Problem(
        `The ${what} \`${name}\` of ${this.name} is [${shape.join(', ')}], not [${found.shape.join(', ')}].`,
      );
    return found;
  }
}
