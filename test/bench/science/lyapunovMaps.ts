// Lyapunov exponents that are known: of the logistic map at r = 4, ln 2 (Strogatz 2015, section 10.5); of the Hénon map
// with a = 1.4 and b = 0.3, 0.419 (Sprott 2003, appendix A); and of a linear cell, the logarithm of its matrix's radius.
import { readCells } from '../../../src/language/check.ts';
import { initialWeights } from '../../../src/tape/parameters.ts';
import { Lyapunov } from '../../../src/tape/probing/lyapunov.ts';

const maps = [
  {
    name: 'logistic map, r = 4',
    known: Math.LN2,
    hidden: 1,
    text: 'cell Logistic\n  h[t] = 4 * h[t-1] * (1 - h[t-1])\n  h[0] = 0.3\n',
  },
  {
    name: 'Hénon map',
    known: 0.419,
    hidden: 1,
    text: 'cell Henon\n  h[t] = 1 - 1.4 * h[t-1]^2 + 0.3 * h[t-2]\n  h[0] = 0.1\n',
  },
  {
    name: 'linear cell of radius 0.9',
    known: Math.log(0.9),
    hidden: 40,
    text: 'cell Linear\n  h[t] = U h[t-1]\n  h[0] = 1\n  init U = sparse(0.2) radius 0.9\n',
  },
];

const steps = 50_000;
const settling = 1000;

/** Returns the relative error of the largest exponent of each. */
export function lyapunovErrors(): { name: string; error: number }[] {
  return maps.map(({ name, known, hidden, text }) => {
    const architecture = {
      inputs: 1,
      outputs: 1,
      embedding: 0,
      layers: [{ cell: readCells(text).cells[0], hidden }],
      tied: false,
      head: { kind: 'every step' },
    } as const;
    const tokens = new Int32Array(settling + steps);
    const [largest] = new Lyapunov(architecture, 1).spectrum(
      initialWeights(architecture, 1),
      tokens,
      settling,
    );
    return { name, error: Math.abs(largest / known - 1) };
  });
}
