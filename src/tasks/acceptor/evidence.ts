// Finds which tokens of a row spoke for its class: gradient times input (Shrikumar et al. 2017; Denil, Demiraj & de
// Freitas 2014).
import type { Architecture, Engine, Weight, Weights } from '../../backend/engine.ts';
import { layOutRows, paddedLength } from '../../data/table/rowBatches.ts';
import { parameters } from '../../tape/parameters.ts';

/** The learning rate of the one step whose change of the weights is the gradient; a power of two divides exactly. */
const rate = 1024;

/**
 * Returns for each token the derivative of its row's log-probability of a class with respect to a factor of the
 * token's input at 1, in nats: positive where the token spoke for the class.
 *
 * Every token gets an input of its own, with the weights of the token that it stands for, so that the gradient of
 * those weights is that of the input at its step.
 * @param tokens at least one
 */
export function evidenceOf(
  engine: Engine,
  { architecture, weights }: { readonly architecture: Architecture; readonly weights: Weights },
  tokens: Int32Array,
  target: number,
): Float64Array {
  const apart = withInputs(architecture, tokens.length);
  const own = inputWeights(architecture, apart);
  const before = new Map(
    [...weights].map(([name, weight]) => [
      name,
      own.has(name) ? gather(weight, tokens, own.get(name)!) : weight,
    ]),
  );
  const steps = paddedLength(tokens.length);
  const shape = { batch: 1, steps, optimizer: { kind: 'sgd' }, dropout: 0, seed: 1 } as const;
  const network = engine.train(apart, shape, before);
  try {
    const { x, y } = layOutRows([{ tokens: Int32Array.from(tokens.keys()), target }], 1);
    network.step(x, y, { learningRate: rate, clip: Number.POSITIVE_INFINITY, l1: 0, l2: 0, carry: steps });
    const after = network.weights();
    const evidence = new Float64Array(tokens.length);
    for (const [name, along] of own) {
      const { shape, data } = before.get(name)!;
      const changed = after.get(name)!.data;
      const columns = shape[1] ?? 1;
      for (const [at, value] of data.entries()) {
        const token = along === 0 ? Math.floor(at / columns) : at % columns;
        // The step goes against the gradient of the loss, which is minus the log-probability.
        evidence[token] += (value * (changed[at] - value)) / rate;
      }
    }
    return evidence;
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
