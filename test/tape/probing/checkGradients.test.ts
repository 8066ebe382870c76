// By differences in 64 bits, the backward pass of every cell is the derivative of its forward pass. The check
// itself is right in both directions.
import { afterEach, describe, expect, test } from 'vitest';
import type { Architecture } from '../../../src/tape/architecture.ts';
import { derivatives } from '../../../src/tape/derivatives.ts';
import { parameters } from '../../../src/tape/parameters.ts';
import {
  type CheckOptions,
  checkGradients,
  smallNetwork,
  tolerance,
} from '../../../src/tape/probing/checkGradients.ts';
import { sayGradientCheck } from '../../../src/tape/probing/show.ts';
import { random } from '../../../src/tape/random.ts';
import { builtin, cell, functionsOfOne, network, stackableCells } from '../../backend/networks.ts';

function check(architecture: Architecture, options: CheckOptions = {}): void {
  const { verdict, error, kinks, perParameter } = checkGradients(architecture, options);
  const trained = parameters(architecture).filter((parameter) => parameter.trained);
  expect([...perParameter.keys()]).toEqual(trained.map(({ name }) => name));
  expect({ verdict, kinks }).toEqual({ verdict: 'right', kinks: 0 });
  expect(error).toBeLessThanOrEqual(tolerance);
}

test('gradients are right to 1e-5', () => expect(tolerance).toBe(1e-5));

test.each(stackableCells)('%s', (name) => {
  const one = builtin(name);
  check(network([one]));
  check(network([one, one], { embedding: 3 }));
  check(network([one, one], { embedding: 3 }), { batch: 3, steps: 5, dropout: 0.4, seed: 2 });
});

test('HMM, whose output is the distribution itself', () => {
  check(network([builtin('HMM')]));
  check(network([builtin('HMM')]), { batch: 3, steps: 6, seed: 3, dropout: 0.4 });
});

test.each(['mean', 'max'] as const)('a distribution that is pooled by the %s', (pool) =>
  check(network([builtin('HMM')], { head: { kind: 'pooled', pool } })),
);

describe('numbers', () => {
  const numbers = { inputs: 3, outputs: 2, input: 'numbers', likelihood: 'gaussian' } as const;
  test.each(['LSTM', 'GRU', 'Jordan', 'EchoState'])('%s', (name) => {
    const one = builtin(name);
    check(network([one], numbers));
    check(network([one, one], numbers), { batch: 3, steps: 5, dropout: 0.4, seed: 2 });
  });

  test('read from both ends, pooled, and padded', () => {
    const layers = [{ cell: builtin('GRU'), hidden: 4, bidirectional: true }];
    check(network([], { ...numbers, layers }), { batch: 3, steps: 5, padded: true });
    for (const pool of ['mean', 'max'] as const)
      check(network([builtin('GRU')], { ...numbers, head: { kind: 'pooled', pool } }), { padded: true });
  });

  test('read, and classes predicted', () =>
    check(network([builtin('GRU')], { inputs: 3, input: 'numbers' })));
  test('predicted from tokens', () =>
    check(network([builtin('GRU')], { outputs: 2, likelihood: 'gaussian' })));
});

describe('what a cell can say', () => {
  const bodies: Record<string, string> = {
    'several lags': 'h[t] = tanh(W x[t] + U h[t-1] + V h[t-3] + b)',
    'a learned state': 'h[t] = tanh(W x[t] + U h[t-1] + V h[t-3])\nh[0] = learned',
    'a state that is learned in part': 'h[t] = tanh(W x[t] + U h[t-1])\nh[0] = learned from 0.3 first 2',
    'a learned part wider than the layer': 'h[t] = tanh(W x[t] + U h[t-1])\nh[0] = learned first 9',
    'a parameter in several places': 'h[t] = tanh(W x[t] + U h[t-1] + U h[t-2] + b) * b + b',
    'a product of a product': 'h[t] = tanh(W x[t] + U (V tanh(U h[t-1])))',
    'a width of its own': 'p[t] = V x[t]\nwidth p = 3\nh[t] = tanh(W p[t] + A B (a * h[t-1]))',
    'a function of parameters': 'h[t] = exp(a) * tanh(W x[t] + U h[t-1]) + sigmoid(a + b)',
    "the network's output": 'h[t] = σ(W x[t] + U y[t-1] + V y[t-2] + b)',
    'earlier inputs': 'h[t] = tanh(W x[t] + V x[t-1] + V x[t-3] + U h[t-1] + A (x[t-1] * x[t-2]))',
    'a sum over the units': 'h[t] = tanh(W x[t] + U h[t-1]) * sum(h[t-1] * b) + sum(softmax(b)) * c',
    'a sum by itself':
      'h[t] = sum(W x[t] * h[t-2]) + tanh(n[t])\nn[t] = sum(x[t]) + a\nh[0] = learned from 0.5',
    'trained numbers':
      'h[t] = a * tanh(W x[t] + U h[t-1]) + n[t-1]\nn[t] = a * n[t-1] + sum(b * h[t])\nwidth a, n = 1\ninit a = 0.7\nn[0] = learned from 0.2',
    'a matrix and its transpose': 'h[t] = tanh(W x[t] + U h[t-1] + Uᵀ h[t-2] + W (V^T (V x[t-1])))',
    'a transpose alone': 'h[t] = tanh(Wᵀ x[t] + Uᵀ h[t-1] + Aᵀ b)',
    'stochastic matrices': 'h[t] = tanh(W x[t] + U h[t-1] + V (U h[t-2]) + Vᵀ b)\nstochastic W, U',
    'sines and cosines': 'h[t] = sin(W x[t]) * cos(U h[t-1] + b) + cos(a) * sin(c)',
    softmax: 'h[t] = softmax(W x[t] + U h[t-1])',
    'layer normalisation': 'h[t] = tanh(g * norm(W x[t] + U h[t-1]) + b)',
    'min, max, relu, abs': 'h[t] = clip(W x[t] + U h[t-1], -0.3, 0.4) + relu(h[t-1]) * min(a, abs(h[t-1]))',
    'powers and roots': 'h[t] = (2 + tanh(h[t-1])^2)^0.5',
    'powers of parameters': 'h[t] = tanh(W x[t]) * (2 + tanh(h[t-1]))^p + sqrt(1 + h[t-1]^2)',
    'logarithms and quotients': 'h[t] = log(2 + exp(U h[t-1])) / (3 + tanh(W x[t])) - h[t-1] / 2',
    'only itself': 'h[t] = h[t-1] + tanh(W x[t])',
    'a sum that is a term of another': 'h[t] = h[t-1] + W x[t]\ny[t] = y[t-1] + h[t]\noutput y[t]',
    'a sum that is read at two steps': 'c[t] = 0.5 * c[t-1] + W x[t]\nh[t] = tanh(c[t] + U h[t-1])',
    'a sum that is multiplied twice':
      'f[t] = σ(W_f x[t] + U_f h[t-1])\ni[t] = σ(W_i x[t] + U_i h[t-1])\ns[t] = f[t] + i[t]\nh[t] = f[t] * s[t] + i[t] * s[t]',
    'a matrix times a parameter': 'h[t] = tanh(W x[t] + U h[t-1] + V b)',
    'matrices times functions of parameters':
      'h[t] = tanh(W x[t] + U h[t-1] + V tanh(S b - g)) * softmax(V b) + norm(V g) / (2 + abs(V b))',
    'a gate beside what is read again after it':
      'f[t] = tanh(U y[t-1])\nh[t] = tanh(f[t] + max(W x[t], V h[t-1] - c))',
    'what is read at this step and at the one before':
      'c[t] = tanh(h[t-1] * (W x[t]))\nh[t] = softmax(abs(c[t] + c[t-1]) + b)',
    'a selective state space':
      'u[t] = W_u x[t]\nd[t] = log(1 + exp(W_d u[t] + b_d))\ns[t] = exp(-d[t] * exp(a)) * s[t-1] + d[t] * (W_b u[t]) * u[t]\nh[t] = (W_c u[t]) * s[t] + g * u[t]',
  };
  test.each(Object.entries(bodies))('%s', (_name, body) => {
    const one = cell(`cell A\n${body}\n`);
    check(network([one]), { steps: 5 });
    check(smallNetwork(one));
    check(network([one, builtin('GRU')], { inputs: 4, outputs: 4 }), { batch: 1 });
  });
});

test.each(functionsOfOne)('the function %s', (name) =>
  // Its argument is positive and away from zero, where some have a kink and some no value.
  check(network([cell(`cell A\nh[t] = tanh(${name}(1.5 + tanh(W x[t] + U h[t-1])) + b)\n`)])),
);

test('a tied output layer', () => check(network([builtin('LSTM')], { embedding: 4, tied: true })));

test.each(['mean', 'max'] as const)('the head that pools by the %s', (pool) =>
  check(network([builtin('GRU')], { inputs: 7, outputs: 3, head: { kind: 'pooled', pool } })),
);

test('a window shorter than the lags', () =>
  check(network([cell('cell A\nh[t] = tanh(W x[t] + V h[t-5])\nh[0] = learned\n')]), { steps: 2 }));

test('of a learned part wider than the layer, as much is trained as there are units', () => {
  const [state] = parameters(
    network([cell('cell A\nh[t] = tanh(W x[t] + U h[t-1])\nh[0] = learned first 9\n')]),
  ).filter(({ name }) => name === 'layers.0.h[0]');
  expect(state.shape).toEqual([4]);
});

test('what is fixed is not among the parameters', () =>
  expect([...checkGradients(network([builtin('EchoState')])).perParameter.keys()]).toEqual([
    'output.W',
    'output.b',
  ]));

describe('the check', () => {
  const body = 'cell A\nh[t] = tanh(W x[t] + U h[t-1] + b)\n';
  const say = (text: string) => sayGradientCheck(cell(text), checkGradients(smallNetwork(cell(text))));
  const right = { ...derivatives };
  afterEach(() => void Object.assign(derivatives, right));

  test.each<[string, 'tanh' | 'matmul', NonNullable<(typeof derivatives)['tanh']>]>([
    ['is another function', 'tanh', ({ dy, y, make }) => [make({ kind: 'multiply' }, [dy, y])]],
    ['is missing', 'tanh', ({ dy, make, constant }) => [make({ kind: 'multiply' }, [dy, constant(0)])]],
    [
      'is off by a ten thousandth',
      'tanh',
      ({ dy, y, make, constant }) => [
        make({ kind: 'multiply' }, [make({ kind: 'tanhGradient' }, [dy, y]), constant(1.0001)]),
      ],
    ],
    [
      'has the wrong sign',
      'matmul',
      (local) =>
        right.matmul!(local).map((each) => each && local.make({ kind: 'negate' }, [each], each.node.width)),
    ],
  ])('reports a derivative that %s', (_, of, derivative) => {
    derivatives[of] = derivative;
    expect(checkGradients(smallNetwork(cell(body))).verdict).toBe('wrong');
    expect(say(body)).toMatch(/^The gradients of A are wrong: .* please report/);
  });

  test('reports a wrong derivative also where values are large or small', () => {
    derivatives.tanh = ({ dy, y, make }) => [make({ kind: 'multiply' }, [dy, y])];
    for (const scale of ['1000', '1e-3'])
      expect(
        checkGradients(smallNetwork(cell(`cell A\nh[t] = ${scale} * tanh(W x[t] + U h[t-1])\n`))).verdict,
      ).toBe('wrong');
  });

  // Plain central differences of one width are off by up to 1.4e-4 here, by rounding alone.
  test('does not alarm where gradients are right and small beside the loss', () => {
    const text =
      'cell SSM\nd[t] = log(1 + exp(W_d x[t] + b_d))\na[t] = exp(-d[t] * exp(A l))\ns[t] = a[t] * s[t-1] + d[t] * (W_b x[t]) * (W_u x[t])\nh[t] = s[t] * (W_c x[t]) * σ(W_z x[t])\n';
    for (let seed = 1; seed <= 5; seed++)
      expect(checkGradients(smallNetwork(cell(text)), { seed })).toMatchObject({
        verdict: 'right',
        kinks: 0,
      });
    expect(say(text)).toMatch(/^The gradients of SSM are right: /);
  });

  test('knows a kink by its slopes on both sides, and judges the other numbers', () => {
    const text = (kink: number) => `cell A\nh[t] = tanh(W x[t] + U h[t-1] + relu(b - ${kink}))\n`;
    // The kink of relu lies exactly at the first number of the first layer's `b`, as the check draws it.
    const next = random(1);
    const moved = parameters(smallNetwork(cell(text(1)))).map(({ name, shape }) => ({
      name,
      values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => (next() - 0.5) * 0.5),
    }));
    const [at] = moved.find(({ name }) => name === 'layers.0.b')!.values;
    const check = checkGradients(smallNetwork(cell(text(at))));
    expect(check).toMatchObject({ verdict: 'right', kinks: 1 });
    expect(check.perParameter.get('layers.0.b')!.kinks).toBe(1);
    expect(say(text(at))).toMatch(/but for 1 number at a kink \(relu, abs/);
    derivatives.tanh = ({ dy, y, make }) => [make({ kind: 'multiply' }, [dy, y])];
    expect(checkGradients(smallNetwork(cell(text(at)))).verdict).toBe('wrong');
  });

  test.each([
    'h[t] = 1e6 * (W x[t] + U h[t-1])',
    'h[t] = (W x[t] + U h[t-1]) / (b - b + 1e-7)',
    'h[t] = tanh(W x[t] + 1e9 * b - 1e9 * b)',
  ])('finds no mistake where values are so large that differences round: %s', (body) => {
    expect(checkGradients(smallNetwork(cell(`cell A\n${body}\n`))).verdict).not.toBe('wrong');
  });

  test('says where gradients are not numbers', () => {
    const text = 'cell A\nh[t] = log(W x[t] - 5)\n';
    expect(checkGradients(network([cell(text)]))).toMatchObject({
      verdict: 'not a number',
      error: Number.NaN,
    });
    expect(say(text)).toMatch(/^The gradients of A are not numbers/);
  });

  test('has nothing to say where nothing is trained', () => {
    const { verdict, worst } = checkGradients(smallNetwork(builtin('Babylonian')));
    expect({ verdict, worst }).toEqual({ verdict: 'right', worst: expect.any(String) });
  });
});
