// Text from the model in this folder. TensorFlow.js (`tf`) is handed in, so that a page, a worker or Node can use it.

/**
 * Reads model.json and vocabulary.json.
 * @param tf TensorFlow.js
 * @param base URL of this folder, ending in a slash
 */
export async function load(tf, base = './') {
  const vocabulary = await (await fetch(`${base}vocabulary.json`)).json();
  return { tf, vocabulary, model: await tf.loadGraphModel(`${base}model.json`) };
}

/**
 * Writes on from a prompt, token by token. A model that reads backward writes its text from the end.
 * @param length characters, at least: the last token is written whole
 * @param temperature above 0; below 1 the likely gets likelier
 * @param random numbers in [0, 1)
 */
export async function* generate(
  { tf, model, vocabulary: { tokens, states } },
  { prompt = '\n', length = 500, temperature = 0.8, random = Math.random } = {},
) {
  const names = ['probabilities', ...states.map(({ output }) => output)];
  let before = states.map(({ initial }) => tf.tensor2d(initial, [1, initial.length]));
  /** Reads a token. @returns the next one's probabilities */
  const read = async (token) => {
    const [p, ...after] = tf.tidy(() =>
      model.execute(
        Object.fromEntries([
          ['token', tf.tensor1d([token], 'int32')],
          ...states.map(({ input }, index) => [input, before[index]]),
        ]),
        names,
      ),
    );
    tf.dispose(before);
    before = after;
    const values = await p.data();
    p.dispose();
    return values;
  };
  try {
    let p;
    for (const token of encode(tokens, prompt || '\n')) p = await read(token);
    for (let written = 0; written < length; ) {
      const token = draw(p, temperature, random);
      yield tokens[token];
      written += tokens[token].length;
      p = await read(token);
    }
  } finally {
    tf.dispose(before);
  }
}

/** The longest token first; what is none of them is token 0, which stands for everything rare. */
export function encode(tokens, text) {
  const known = new Map(tokens.map((token, index) => [token, index]));
  const longest = tokens.reduce((most, token) => Math.max(most, token.length), 1);
  const found = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(text.length, at + longest);
    while (end > at && !known.has(text.slice(at, end))) end--;
    found.push(end > at ? known.get(text.slice(at, end)) : 0);
    at = end > at ? end : at + String.fromCodePoint(text.codePointAt(at)).length;
  }
  return found;
}

/** A token by its probability; token 0 stands for no text in particular. */
function draw(p, temperature, random) {
  const most = p.reduce((a, b, token) => (token === 0 ? a : Math.max(a, b)), 0);
  const weights = Array.from(p, (value, token) => (token === 0 ? 0 : (value / most) ** (1 / temperature)));
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  const found = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return found < 0 ? weights.indexOf(1) : found;
}
