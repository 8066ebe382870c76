// Makes the files of an encoder-decoder as ONNX: the encoder, the decoder, and a script that writes targets with both.
import { mostWritten } from '../../data/pairs/pairDataset.ts';
import { layersText } from '../../language/options/layers.ts';
import type { StoredEncoderDecoder } from '../../store/modelFolder.ts';
import { encodeNetwork, metadataKeys } from './onnxModel.ts';
import rewrite from './python/rewrite.py';
import { writeEncoderDecoder } from './writeEncoderDecoder.ts';

/** The names of the files, which are those that Hugging Face's Optimum gives them. */
export const encoderName = 'encoder_model.onnx';
export const decoderName = 'decoder_model.onnx';

/** Returns the contents of the files by name. */
export function encoderDecoderFiles({
  manifest,
  pairs,
  architecture,
  weights,
}: Omit<StoredEncoderDecoder, 'vocabularies'>): Map<string, Uint8Array> {
  const { encoder, decoder, names } = writeEncoderDecoder(architecture, weights);
  const { reads, writes, source, target, longest } = pairs;
  const vocabulary = {
    task: manifest.task,
    reads,
    writes,
    sources: source,
    targets: target,
    longest: mostWritten(longest),
    ...names,
    source: manifest.provenance.source,
  };
  const metadata = {
    [metadataKeys.vocabulary]: vocabulary,
    [metadataKeys.architecture]: manifest.architecture,
    [metadataKeys.cells]: manifest.cells,
    [metadataKeys.options]: manifest.options,
  };
  const encode = (text: string) => new TextEncoder().encode(text);
  return new Map([
    [encoderName, encodeNetwork(encoder, metadata)],
    [decoderName, encodeNetwork(decoder, metadata)],
    ['vocabulary.json', encode(`${JSON.stringify(vocabulary)}\n`)],
    ['rewrite.py', encode(rewrite)],
    ['README.md', encode(readme(manifest, pairs))],
  ]);
}

function readme(
  { architecture: { encoder, layers }, provenance }: StoredEncoderDecoder['manifest'],
  { reads, writes }: StoredEncoderDecoder['pairs'],
): string {
  const source = provenance.source.replace(/[\r\n`]/g, ' ');
  const named = [encoder ?? [], layers].filter(({ length }) => length > 0).map((each) => layersText(each));
  return `# ${named.join(' → ')}, as ONNX

An encoder-decoder, which writes \`${writes}\` for \`${reads.join('`, `')}\`. Unroll ${provenance.unroll} trained it on \`${source}\`.

    pip install onnxruntime
    python3 rewrite.py "a source"     # or a source a line as its input

| file | holds |
|---|---|
| \`${encoderName}\` | reads a source, once: \`tokens\` [batch × positions], or \`numbers\` [batch × 1 × columns] |
| \`${decoderName}\` | a step of the decoder: reads \`token\` [batch], gives \`log_probabilities\` of the next one [batch × tokens] |
| \`vocabulary.json\` | the tokens of sources and targets, the names of what goes from one to the other, and the most tokens to write |
| \`rewrite.py\` | greedy decoding and beam search |

What the encoder gives by the names in \`encoded\` is an input of every step of the decoder. What it gives by the names of the
inputs in \`states\` is the state before the first step; after each step, the \`output\` of a state is the \`input\` of the next
one. The first token is the boundary, whose number is that of the characters in \`targets\`; a target ends where the decoder
writes it. The outputs in \`attention\` say where the decoder looks [batch × positions]. Sources of one call have one length:
padding would be read as characters.
`;
}
