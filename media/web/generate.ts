// Generates text from the model in this folder. TensorFlow.js (`tf`) is handed in, so that a page, a worker
// or Node can use it. The file is bundled with the tokenizer that the model was trained with, so that a text
// has the same tokens here.
import type * as tfjs from '@tensorflow/tfjs';
import { draw, promptTokens } from '../../src/completion/decoding/sampling.ts';
import type { TokenKind } from '../../src/data/text/tokens/tokenization.ts';
import { Tokenizer } from '../../src/data/text/tokens/tokenizer.ts';
import { rare, Vocabulary } from '../../src/data/text/vocabulary.ts';

type TensorFlow = Pick<typeof tfjs, 'dispose' | 'loadGraphModel' | 'tensor1d' | 'tensor2d' | 'tidy'>;

/** The content of vocabulary.json. */
interface Description {
  /** The text of each token; that of token 0, which stands for every rare character, is empty. */
  readonly tokens: readonly string[];
  /** The kind of the tokens into which a text is split. */
  readonly kind: TokenKind;
  /**
   * The number of tokens, from the first, that are single characters; the others are longer, in the order
   * learned.
   */
  readonly alphabet: number;
  readonly states: readonly {
    readonly input: string;
    readonly output: string;
    readonly initial: number[];
  }[];
  readonly direction: 'forward' | 'backward';
  readonly source: string;
}

interface Network {
  readonly tf: TensorFlow;
  readonly vocabulary: Description;
  readonly tokenizer: Tokenizer;
  readonly model: tfjs.GraphModel;
}

export interface GenerateOptions {
  /** The text that the generated text goes on from or, for a model that reads backward, ends with. */
  readonly prompt?: string;
  /** The least length in UTF-16 units; it may be exceeded because the last token is written whole. */
  readonly length?: number;
  /**
   * The temperature of sampling: 0 always takes the likeliest token, and below 1 likely tokens get likelier.
   */
  readonly temperature?: number;
  /** Returns random numbers in [0, 1). */
  readonly random?: () => number;
}

/**
 * Reads model.json and vocabulary.json.
 * @param tf TensorFlow.js
 * @param base URL of this folder, ending in a slash
 */
export async function load(tf: TensorFlow, base = './'): Promise<Network> {
  const vocabulary: Description = await (await fetch(`${base}vocabulary.json`)).json();
  const model = await tf.loadGraphModel(`${base}model.json`);
  return { tf, vocabulary, tokenizer: tokenizerOf(vocabulary), model };
}

/**
 * Returns what splits a text into the model's tokens: `tokenizerOf(vocabulary).encode(text)` gives their
 * places in `tokens`.
 */
export function tokenizerOf({
  tokens,
  kind,
  alphabet,
}: Pick<Description, 'tokens' | 'kind' | 'alphabet'>): Tokenizer {
  return new Tokenizer(kind, new Vocabulary(tokens.slice(0, alphabet), 1), tokens.slice(alphabet));
}

/**
 * Generates text from a prompt, token by token. A model that reads backward generates its text from the end.
 * @throws RangeError when the temperature is below 0 or not a number
 */
export async function* generate(
  { tf, model, tokenizer, vocabulary: { states, direction } }: Network,
  { prompt = '', length = 500, temperature = 0.8, random = Math.random }: GenerateOptions = {},
): AsyncGenerator<string, void> {
  if (!(temperature >= 0)) throw new RangeError('The temperature is a number from 0.');
  const names = ['probabilities', ...states.map(({ output }) => output)];
  let before: tfjs.Tensor[] = states.map(({ initial }) => tf.tensor2d(initial, [1, initial.length]));
  /** Reads a token. @returns the logarithms of the next one's probabilities */
  const read = async (token: number) => {
    const [p, ...after] = tf.tidy(
      () =>
        model.execute(
          Object.fromEntries([
            ['token', tf.tensor1d([token], 'int32')],
            ...states.map(({ input }, index) => [input, before[index]]),
          ]),
          names,
        ) as tfjs.Tensor[],
    );
    tf.dispose(before);
    before = after;
    const values = (await p.data()) as Float32Array;
    p.dispose();
    return values.map(Math.log);
  };
  try {
    let logits = new Float32Array(tokenizer.size);
    for (const token of promptTokens(tokenizer, prompt, direction)) logits = await read(token);
    for (let written = 0; written < length; ) {
      // The rare token stands for no character in particular.
      logits[rare] = Number.NEGATIVE_INFINITY;
      const token = draw(logits, { temperature, random });
      const text = tokenizer.symbols[token];
      yield text;
      written += text.length;
      logits = await read(token);
    }
  } finally {
    tf.dispose(before);
  }
}
