import { expect, test } from 'vitest';
import { format } from '../../../src/language/syntax/printer.ts';

const long = Array.from({ length: 9 }, (_, i) => `W_${i} x[t]`);

test.each([
  [
    'spaces',
    'cell  A\nh [ t ]=tanh( W   x[t]+U h[t - 1] ^ 2 )',
    'cell A\n  h[t] = tanh(W x[t] + U h[t-1]^2)\n',
  ],
  [
    'signs stay as they are',
    'cell A\nh[t]=σ(W(x[t]))⊙h[t-1]−-1',
    'cell A\n  h[t] = σ(W (x[t])) ⊙ h[t-1] − -1\n',
  ],
  [
    'transposes stay as they are',
    'cell A\nh[t]=Wᵀ  x[t]+U^ T (h[t-1])+V  U^T b',
    'cell A\n  h[t] = Wᵀ x[t] + U^T (h[t-1]) + V U^T b\n',
  ],
  [
    'a distribution',
    'cell A\ny[t]=E p[t]\noutput y  as   distribution',
    'cell A\n  y[t] = E p[t]\n  output y[t] as distribution\n',
  ],
  [
    'statements',
    'cell A\nh[t]=W x[t]+b+0*h[t-1]\nh[0]=learned  from .5 first 3\ninit W,b=normal( 1e-3 )\nfixed W ,b\nstochastic W\noutput h\nwidth h=h\nwidth b,c=1',
    'cell A\n  h[t] = W x[t] + b + 0 * h[t-1]\n  h[0] = learned from .5 first 3\n  init W, b = normal(1e-3)\n  fixed W, b\n  stochastic W\n  output h[t]\n  width h = h\n  width b, c = 1\n',
  ],
  [
    'comments: in a column, on lines of their own, at the end',
    '#1\ncell A#2\n#3\n  h[t] = x[t]    # 4\n\n\n\n  k = 1 # 5\n  q[t] = k # 6\n# 7',
    '#1\ncell A  #2\n  #3\n  h[t] = x[t]  # 4\n\n  k = 1     # 5\n  q[t] = k  # 6\n# 7\n',
  ],
  [
    'a comment inside a statement comes before it',
    'cell A\n  h[t] = max(W x[t], # one\n    0) # two',
    'cell A\n  # one\n  h[t] = max(W x[t], 0)  # two\n',
  ],
  [
    'sections stand apart, with the comments above them',
    'cell A\nh[t] = W x[t]\n# B is like A\ncell B\nh[t] = W x[t]\nmodel\nlayers=A 3,B  4\ntrain\nk1=5',
    'cell A\n  h[t] = W x[t]\n\n# B is like A\ncell B\n  h[t] = W x[t]\n\nmodel\n  layers = A 3, B 4\n\ntrain\n  k1 = 5\n',
  ],
  [
    'a long sum goes on over lines',
    `cell A\n  h[t] = ${long.join(' + ')}`,
    `cell A\n  h[t] = ${long.join('\n    + ')}\n`,
  ],
  [
    'a comment keeps the line separators that are none in the language',
    'train\n# \u2028.\u2029.\nk1=6',
    'train\n  # \u2028.\u2029.\n  k1 = 6\n',
  ],
  ['line ends become newlines', 'cell A\r\n  h[t] = W x[t]\r\n', 'cell A\n  h[t] = W x[t]\n'],
  ['nothing', '', ''],
])('%s', (_, text, formatted) => {
  expect(format(text)).toBe(formatted);
  expect(format(formatted)).toBe(formatted);
});

test('what cannot be read whole is left alone', () => expect(format('cell A\n  h[t] = (W x[t]')).toBeNull());
