// Searches for the likeliest sequences that a decoder writes.

/** A decoder that writes token after token. A state is never changed once it has been returned. */
export interface SequenceDecoder<State> {
  /** Returns what the decoder says before its first token. */
  start(): DecoderStep<State>;
  /** Reads a token. */
  next(state: State, token: number): DecoderStep<State>;
  /** The token that ends a sequence. */
  readonly end: number;
}

export interface DecoderStep<State> {
  readonly state: State;
  /** The logarithm of the probability of each token, [V]; -Infinity for one that must not be written. */
  readonly logProbabilities: ArrayLike<number>;
}

export interface DecodedSequence {
  /** The tokens without the end. */
  readonly tokens: readonly number[];
  /** The logarithm of the probability of each token and of the end: one more than there are tokens. */
  readonly logProbabilities: readonly number[];
  /** Their sum: the logarithm of the probability of the whole sequence. */
  readonly logProbability: number;
  /** The logarithm, divided by the length penalty, by which sequences are compared. */
  readonly score: number;
}

export interface BeamOptions {
  /** The number of sequences that are followed at a time; 1 is greedy decoding. */
  readonly width: number;
  /** The most tokens of a sequence. */
  readonly longest: number;
  /** The exponent α of the length penalty; 0 compares probabilities themselves. */
  readonly lengthExponent: number;
}

interface Hypothesis<State> extends Omit<DecodedSequence, 'score'> {
  readonly step: DecoderStep<State>;
}

/**
 * Returns the length penalty of a sequence of n tokens, its end included (Wu et al. 2016, section 7). Without one, short
 * sequences win, as every token makes a sequence less probable.
 */
export const lengthPenalty = (length: number, exponent: number): number => ((5 + length) / 6) ** exponent;

/**
 * Returns the best sequences that beam search finds, at most as many as it is wide, the best first. There is none where no
 * sequence ends within the length.
 */
export function beamSearch<State>(
  decoder: SequenceDecoder<State>,
  { width, longest, lengthExponent }: BeamOptions,
): DecodedSequence[] {
  let finished: DecodedSequence[] = [];
  let live: Hypothesis<State>[] = [
    { tokens: [], logProbabilities: [], logProbability: 0, step: decoder.start() },
  ];
  // No longer sequence scores better than one whose tokens to come are all certain.
  const bound = ({ logProbability }: Hypothesis<State>) =>
    logProbability / lengthPenalty(longest + 1, lengthExponent);
  const isHopeful = (hypothesis: Hypothesis<State>) =>
    finished.length < width || bound(hypothesis) > finished[width - 1].score;
  while (live.length > 0) {
    const extended = live.flatMap((hypothesis) => likeliest(hypothesis, width, decoder.end, longest));
    extended.sort((a, b) => b.logProbability - a.logProbability);
    const kept = extended.slice(0, width);
    finished.push(
      ...kept
        .filter(({ token }) => token === decoder.end)
        .map(({ from: { tokens }, logProbabilities, logProbability }) => ({
          tokens,
          logProbabilities,
          logProbability,
          score: logProbability / lengthPenalty(logProbabilities.length, lengthExponent),
        })),
    );
    finished = finished.sort((a, b) => b.score - a.score).slice(0, width);
    live = kept
      .filter(({ token }) => token !== decoder.end)
      .map(({ from, token, logProbabilities, logProbability }) => ({
        tokens: [...from.tokens, token],
        logProbabilities,
        logProbability,
        step: decoder.next(from.step.state, token),
      }))
      .filter(isHopeful);
  }
  return finished;
}

interface Extension<State> extends Omit<DecodedSequence, 'score' | 'tokens'> {
  readonly from: Hypothesis<State>;
  readonly token: number;
}

/** Returns the likeliest ways to go on by one token; only the end where the sequence is as long as it may be. */
function likeliest<State>(
  from: Hypothesis<State>,
  width: number,
  end: number,
  longest: number,
): Extension<State>[] {
  const { logProbabilities } = from.step;
  const ranked: number[] = [];
  const isOver = from.tokens.length >= longest;
  for (let token = 0; token < logProbabilities.length; token++) {
    const value = logProbabilities[token];
    if (value === Number.NEGATIVE_INFINITY || (isOver && token !== end)) continue;
    let at = ranked.length;
    while (at > 0 && logProbabilities[ranked[at - 1]] < value) at--;
    if (at >= width) continue;
    ranked.splice(at, 0, token);
    if (ranked.length > width) ranked.pop();
  }
  return ranked.map((token) => ({
    from,
    token,
    logProbabilities: [...from.logProbabilities, logProbabilities[token]],
    logProbability: from.logProbability + logProbabilities[token],
  }));
}
