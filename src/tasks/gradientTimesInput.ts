// Finds what each step of a row did to what a network says of it: gradient times input (Shrikumar et al. 2017; Denil, Demiraj
// & de Freitas 2014).
import type { Architecture, Engine, Weight, Weights } from '../backend/engine.ts';
import type { Series } from '../data/dataset.ts';
import { layOutRows, paddedLength } from '../data/table/rowBatches.ts';
import { parameters } from '../tape/parameters.ts';

/** The learning rate of the one step whose change of the weights is the gradient; a power of two divides exactly. */
const rate = 1024;

/**
 * A network in which every step of one row has an input of its own, so that the gradient of that input's weights is the
 * gradient of the input at its step.
 */
export interface StepsApart {
  readonly architecture: Architecture;
  readonly weights: Weights;
  /** The names of the weights with a part for each step, and the dimension that counts the steps. */
  readonly own: ReadonlyMap<string, 0 | 1>;
}

interface Network {
  readonly architecture: Architecture;
  readonly weights: Weights;
}

/** Gives every token of a row an input of its own, with the weights of the token that it stands for. */
export function tokensApart({ architecture, weights }: Network, tokens: Int32Array): StepsApart {
  const apart = withInputs(architecture, tokens.length);
  const own = inputWeights(architecture, apart);
  const gathered = new Map(
    [...weights].map(([name, weight]) => [
      name,
      own.has(name) ? gather(weight, tokens, own.get(name)!) : weight,
    ]),
  );
  return { architecture: apart, weights: gathered, own };
}

/** Makes every number of a row, standardised, the embedding of a token of its own. */
export const numbersApart = ({ architecture, weights }: Network, numbers: Float32Array): StepsApart => ({
  architecture: { ...withInputs(architecture, numbers.length), input: 'tokens', embedding: 1 },
  weights: new Map(weights).set('embedding', { shape: [numbers.length, 1], data: numbers }),
  own: new Map([['embedding', 0]]),
});

/**
 * Returns for each step the derivative of minus the row's loss with respect to a factor of the step's input at 1, in nats.
 * @param target the target of the row
 * @param series the numbers that targets are; missing where they are classes
 */
export function gradientTimesInput(
  engine: Engine,
  { architecture, weights, own }: StepsApart,
  target: number,
  series?: Series,
): Float64Array {
  const { inputs } = architecture;
  const steps = paddedLength(inputs);
  const shape = { batch: 1, steps, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 } as const;
  const network = engine.train(architecture, shape, weights, series);
  try {
    const tokens = Int32Array.from({ length: inputs }, (_, step) => step);
    const { x, y } = layOutRows([{ tokens, target }], 1);
    network.step(x, y, { learningRate: rate, clip: Number.POSITIVE_INFINITY, l1: 0, l2: 0, carry: steps });
    const after = network.weights();
    const products = new Float64Array(inputs);
    for (const [name, along] of own) {
      const { shape, data } = weights.get(name)!;
      const changed = after.get(name)!.data;
      const columns = shape[1] ?? 1;
      for (const [at, value] of data.entries()) {
        const step = along === 0 ? Math.floor(at / columns) : at % columns;
        // The step goes against the gradient of the loss.
        products[step] += (value * (changed[at] - value)) / rate;
      }
    }
    return products;
  } finally {
    network.dispose();
  }
}
/** Returns the same network with another number of inputs, whose weights are all trained. */
function withInputs(architecture: Architecture, inputs: number): Architecture {
  const layers = architecture.layers.map((layer) => ({
    ...layer,
    cell: {
      ...layer.cell,
      parameters: layer.cell.parameters.map((parameter) => ({ ...parameter, trained: true })),
    },
  }));
  return { ...architecture, inputs, layers };
}

/** Returns the names of the weights with a part for each input, and the dimension that counts the inputs. */
function inputWeights(architecture: Architecture, { inputs }: Architecture): Map<string, 0 | 1> {
  // Any other number of inputs tells which shapes depend on it.
  const other = new Map(
    parameters({ ...architecture, inputs: architecture.inputs + inputs }).map(({ name, shape }) => [
      name,
      shape,
    ]),
  );
  return new Map(
    parameters(architecture).flatMap(({ name, shape }) => {
      const along = shape.findIndex((length, dimension) => length !== other.get(name)![dimension]);
      return along < 0 ? [] : [[name, along === 0 ? 0 : 1] as const];
    }),
  );
}

/** Takes the parts of a weight that belong to tokens, in their order. */
function gather({ shape, data }: Weight, tokens: Int32Array, along: 0 | 1): Weight {
  const [rows, columns = 1] = shape;
  if (along === 0) {
    const taken = new Float32Array(tokens.length * columns);
    for (const [at, token] of tokens.entries())
      taken.set(data.subarray(token * columns, (token + 1) * columns), at * columns);
    return { shape: [tokens.length, ...shape.slice(1)], data: taken };
  }
  const taken = new Float32Array(rows * tokens.length);
  for (let row = 0; row < rows; row++)
    for (const [at, token] of tokens.entries()) taken[row * tokens.length + at] = data[row * columns + token];
  return { shape: [rows, tokens.length], data: taken };
}
