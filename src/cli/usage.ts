// Says how the commands are called.
import { exportFormatNames } from '../protocol/exporter.ts';

const lines: readonly string[] = [
  'unroll train FILE…|GLOB [--seconds N] [--epochs N] [--seed N] [--cell NAME|FILE.rnn] [--hidden N] [--layers N] [--tokens auto|characters|words|pieces] [--engine auto|wide|narrow|tfjs] [--threads N] [--out DIR] [--secrets] [--json]',
  'unroll train TABLE --task acceptor [--reads COLUMN,…] [--writes COLUMN] [--held-out TABLE] [the options above]',
  'unroll train TABLE --task regressor [--reads COLUMN,…] [--writes COLUMN] [--held-out TABLE] [the options above]',
  'unroll train FILE --task transducer [--reads NUMBER] [--writes NUMBER] [--held-out FILE] [the options above]',
  'unroll train TABLE --task encoder-decoder [--reads COLUMN,…] [--writes COLUMN] [--held-out TABLE] [the options above]',
  'unroll train TABLE --task forecaster [--reads COLUMN,…] [--writes COLUMN,…] [the options above]',
  'unroll apply MODEL_DIR FILE [--out FILE]',
  'unroll apply MODEL_DIR TABLE [--steps N] [--interval PERCENT] [--seed N] [--out FILE]',
  'unroll sample MODEL_DIR [--prompt TEXT] [--length N] [--temperature X] [--top-k N] [--top-p X] [--seed N]',
  `unroll export MODEL_DIR --out DIR [--format ${exportFormatNames.join('|')}] [--states optional|required]`,
  'unroll import EXPORTED_DIR|FILE.onnx [--text FILE|GLOB]… [--out DIR] [--secrets]',
  'unroll evaluate FILE [--seconds N] [--epochs N] [--tokens auto|characters|words|pieces] [--seed N] [--out DIR | --model DIR | --counts] [--secrets] [--json]',
  'unroll trace CELL|FILE.rnn [--symbols TEXT] [--hidden N] [--seed N] [--json]',
  'unroll check CELL|FILE.rnn [--json]',
  'unroll dynamics CELL|FILE.rnn [--symbols TEXT] [--hidden N] [--steps N] [--exponents N] [--seed N] [--json]',
  'unroll dynamics MODEL_DIR [FILE] [--steps N] [--exponents N] [--json]',
];

/** Returns how a command is called, or all of them. */
export function usage(command: string | null): string {
  const own = lines.filter((line) => command === null || line.split(' ')[1] === command);
  return `Usage:\n${own.map((line) => `  ${line}\n`).join('')}`;
}
