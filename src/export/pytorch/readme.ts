import { layersText } from '../../language/options/layers.ts';
import type { Manifest } from '../../store/manifest.ts';

/** Writes the README.md of an exported folder. */
export function readmeFile(manifest: Manifest): string {
  const { architecture, provenance } = manifest;
  const source = provenance.source.replace(/[\r\n`]/g, ' ');
  const { purpose, data, files, options } = wordsOf(manifest);
  return `# ${layersText(architecture.layers)}, for PyTorch

A model of \`${source}\`, which Unroll ${provenance.unroll} trained on ${provenance.characters.toLocaleString('en')} characters
(${purpose}). Any PyTorch from 1.13 on reads it; nothing else is needed.

    python3 train.py --epochs 3                                          # on one processor or GPU
    torchrun --standalone --nproc_per_node 2 train.py --epochs 3         # on two, and so on
    unroll import .                                                      # brings what was trained here back

In VS Code the last one is the command 'Unroll: Import Model …'.

| file | holds |
|---|---|
| \`model.py\` | the network: the equations of \`cells.rnn\` as a \`torch.nn.Module\` |
| \`train.py\` | the training of this task, and \`training.py\` what every training has: several processors or GPUs, mixed precision, checkpoints |
${files.map(([names, holds]) => `| ${names} | ${holds} |`).join('\n')}
| \`text.txt\` | ${data} |
| \`weights.py\`, \`model.safetensors\` | the parameters, by the names of the equations |
| \`config.json\` | layers, and the options of the training |

\`train.py\` begins with the weights in \`model.safetensors\`, or with initial ones if it is told \`--fresh\`, and replaces
them by the best on the held-out part; it ends early where none has been better for long. \`checkpoint.pt\` is what
\`--resume\` goes on from. ${options}
\`--precision\` is fp32, bf16 or fp16. Under bf16, \`torch.nn.LSTM\`, \`GRU\` and \`RNN\` compute in fp16 on a GPU, as
autocast has it.

To make a layer wider, or to add one, write it into \`config.json\` and train with \`--fresh\`. To change an equation,
write it into \`cells.rnn\` and into \`model.py\`: the import compares what both compute.

The folder holds the text that the model was trained on: think of that before you pass it on.
`;
}

interface Words {
  /** A sentence that says what the model is. */
  readonly purpose: string;
  /** A sentence that says what text.txt is. */
  readonly data: string;
  /** The files of the task, and what they hold. */
  readonly files: readonly (readonly [names: string, holds: string])[];
  /** A sentence on the options of the training. */
  readonly options: string;
}

const streams =
  '`--seconds`, `--batch`, `--k1`, `--k2` and `--learning-rate` say something else than `config.json`.';
const rows = '`--seconds`, `--batch` and `--learning-rate` say something else than `config.json`.';
const tokenizer = [
  '`tokenizer.py`, `vocabulary.json`',
  'how a text is split into tokens, exactly as in Unroll',
] as const;
const batches = [
  '`rows.py`, `rows.jsonl`',
  'the rows as Unroll reads them, which of them are held out, and how they are judged',
] as const;

function wordsOf({ table, regression, tagging, pairs, series, tokens, direction }: Manifest): Words {
  if (pairs)
    return {
      purpose: `an encoder-decoder, which writes \`${pairs.writes}\` for \`${pairs.reads.join('`, `')}\``,
      data: 'the table that the model was trained on, as it was, for the import',
      files: [
        batches,
        ['`pairs.py`, `vocabulary.json`', 'the tokens of sources and targets, exactly as in Unroll'],
        ['`rewrite.py`', 'writes targets: `python3 rewrite.py SOURCE…`, or for the lines of its input'],
      ],
      options: rows,
    };
  if (table)
    return {
      purpose: `an acceptor, which names the class of a row; tokens: ${tokens!.kind}`,
      data: 'the table that the model was trained on, as it was, for the import',
      files: [batches, tokenizer],
      options: rows,
    };
  if (regression)
    return {
      purpose: `a regressor, which predicts \`${regression.writes}\` of a row, with how sure it is; ${tokens ? `tokens: ${tokens.kind}` : 'it reads numbers'}`,
      data: 'the table that the model was trained on, as it was, for the import',
      files: [
        batches,
        ...(tokens ? [tokenizer] : []),
        ['`vocabulary.json`', 'the columns that are read and written, with their means and deviations'],
      ],
      options: rows,
    };
  if (tagging)
    return {
      purpose: 'a transducer, which names the tag of each word of a sentence',
      data: 'the tagged text that the model was trained on, as it was, for the import',
      files: [
        batches,
        ['`features.py`, `vocabulary.json`', 'the features of words, exactly as in Unroll, and the tags'],
      ],
      options: rows,
    };
  if (series)
    return {
      purpose: 'a forecaster, which predicts the numbers of the next row, with how sure it is',
      data: 'the table that the model was trained on, as it was, for the import',
      files: [
        [
          '`series.py`, `numbers.jsonl`',
          'the numbers as Unroll reads them, which of them are held out, and how they are judged',
        ],
        ['`streams.py`', 'truncated BPTT with carried states'],
        ['`vocabulary.json`', 'the columns that are read and written, with their means and deviations'],
      ],
      options: streams,
    };
  return {
    purpose: `tokens: ${tokens!.kind}, read ${direction}`,
    data: 'the text that the model was trained on',
    files: [
      ['`text.py`', 'the text as tokens, and its held-out part'],
      ['`streams.py`', 'truncated BPTT with carried states'],
      tokenizer,
    ],
    options: `\`--data FILE…\` adds text; ${streams}`,
  };
}
