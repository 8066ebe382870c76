import type { ManifestOfTokens } from '../../store/manifest.ts';

/** Writes the README.md of an exported folder. */
export function readmeFile({ architecture, provenance, tokens, direction }: ManifestOfTokens): string {
  const layers = architecture.layers.map(({ cell, hidden }) => `${cell} ${hidden}`).join(', ');
  const source = provenance.source.replace(/[\r\n`]/g, ' ');
  return `# ${layers}, for PyTorch

A model of \`${source}\`, which Unroll ${provenance.unroll} trained on ${provenance.characters.toLocaleString('en')} characters
(tokens: ${tokens.kind}, read ${direction}). Any PyTorch from 1.13 on reads it; nothing else is needed.

    python3 train.py --epochs 3                                          # on one processor or GPU
    torchrun --standalone --nproc_per_node 2 train.py --epochs 3         # on two, and so on
    unroll import .                                                      # brings what was trained here back

In VS Code the last one is the command 'Unroll: Import Model …'.

| file | holds |
|---|---|
| \`model.py\` | the network: the equations of \`cells.rnn\` as a \`torch.nn.Module\` |
| \`train.py\` | truncated BPTT with carried states, on several processors or GPUs, in mixed precision |
| \`text.py\`, \`text.txt\` | the text that the model was trained on, and its held-out part |
| \`tokenizer.py\`, \`vocabulary.json\` | how a text is split into tokens, exactly as in Unroll |
| \`weights.py\`, \`model.safetensors\` | the parameters, by the names of the equations |
| \`config.json\` | layers, and the options of the training |

\`train.py\` begins with the weights in \`model.safetensors\`, or with initial ones if it is told \`--fresh\`, and replaces
them by the best on the held-out part. \`checkpoint.pt\` is what \`--resume\` goes on from. \`--data FILE…\` adds text,
\`--seconds\`, \`--batch\`, \`--k1\`, \`--k2\` and \`--learning-rate\` say something else than \`config.json\`; \`--precision\`
is fp32, bf16 or fp16. Under bf16, \`torch.nn.LSTM\`, \`GRU\` and \`RNN\` compute in fp16 on a GPU, as autocast has it.

To make a layer wider, or to add one, write it into \`config.json\` and train with \`--fresh\`. To change an equation,
write it into \`cells.rnn\` and into \`model.py\`: the import compares what both compute.

The folder holds the text that the model was trained on: think of that before you pass it on.
`;
}
