// The network of a regressor in PyTorch: one that reads rows, changed so that it predicts a number of each.
import type { Pool } from '../../language/options/options.ts';
import { type Change, replaced } from './template.ts';

/** The part of a row that a regressor reads, and how the vectors of its steps become one. */
export interface RegressorEnds {
  readonly kind: 'regressor';
  readonly pool: Pool;
  readonly sequence: 'text' | 'numbers';
}

/** Changes a network that names classes to one that predicts the moments of numbers (Nix & Weigend 1994). */
export const predictingNumbers = (network: string): string =>
  replaced(network, [
    [/classes: the number of outputs, V/, 'numbers: those that are predicted, V'],
    [/nn\.Linear\(width, classes\)/, 'nn.Linear(width, 2 * classes)'],
    [
      /→ the logits after each step \[B, T, V\]/,
      '→ the\n        means, and the logarithms of the deviations, after each step [B, T, 2 V]',
    ],
    ...(network.includes('torch.softmax(')
      ? ([
          // The prediction is the mean.
          [/torch\.softmax\(logits\[-1\]\.float\(\), -1\)/, 'logits[-1].chunk(2, -1)[0].float()'],
          [/\blogits\b/g, 'moments'],
        ] satisfies Change[])
      : []),
    [/\bclasses\b/g, 'numbers'],
  ]);

/** Changes a network that predicts the numbers of rows of tokens to one that reads rows of numbers. */
export const readingNumbers = (network: string): string =>
  replaced(network, [
    [/tokens: the number of different ones/, 'columns: those that are read at a step, X'],
    [/self\.tokens, self\.numbers = tokens, numbers/, 'self.numbers = numbers'],
    [/ {8}width = config.*\n.*nn\.Embedding.*\n/, '        width = columns\n'],
    [/ {8}if self\.embedding is not None:\n.*\n/, ''],
    [/Rows of tokens \[B, T\]/, 'Rows of numbers [B, T, X], standardised'],
    [/F\.one_hot.*/, 'tokens'],
    [/config, tokens, numbers/, 'config, columns, numbers'],
    [/\btokens\b/g, 'steps'],
  ]);
