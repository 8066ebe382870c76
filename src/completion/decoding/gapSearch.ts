// Searches for what fills a gap: the text between the cursor and the suffix, which is what follows on its line.
//
// By Bayes' rule, the probability that a text fills the gap is in proportion to the probability that it comes after what
// stands before the cursor, times the probability of the suffix after both. So the forward model reads on from each
// likely text into the suffix. Both kinds of steps are on one agenda, on which the likeliest is taken first.
import { rare } from '../../data/text/vocabulary.ts';
import type { Ensemble, EnsemblePosition } from '../ensemble/ensemble.ts';
import type { Pause } from '../stateCache/documentStates.ts';
import type { Bounds, Continuation } from './bestFirstSearch.ts';
import {
  type Candidate,
  candidate,
  type GapPrior,
  gapPrior,
  posterior,
  weightOfEnd,
} from './gapPosterior.ts';

export type GapModel = Pick<Ensemble, 'vocabulary' | 'begin' | 'read' | 'predict'>;

/** The number of tokens of the suffix that are read, at most. */
export const longestSuffix = 8;

/** The probability below which a step is not taken. */
const leastProbable = 0.01;

/** The number of steps after which a search ends, if its time has not ended before. */
const mostSteps = 200;

/** A step that can be taken: the token is read that leads to a candidate, or one of the suffix after a candidate. */
interface Step {
  readonly to: Candidate;
  readonly before: EnsemblePosition;
  readonly token: number;
  /** The number of tokens of the suffix that were predicted after the candidate; 0 where it is to be read itself. */
  readonly predicted: number;
  /** The logarithm of their probability there over that anywhere. */
  readonly ratio: number;
}

/**
 * Explores what may fill a gap before a suffix of one token or more.
 * @returns the empty continuation, the root of a tree in which `joint` is the posterior probability that a gap begins with
 * the text. A gap may end with any of them, so that the continuations of one sum to less than it
 */
export async function exploreGap(
  model: GapModel,
  from: EnsemblePosition,
  suffix: Int32Array,
  { isOver, allows }: Pick<Bounds, 'isOver' | 'allows'>,
  pause: Pause,
  prior: GapPrior = gapPrior,
  least = leastProbable,
): Promise<Continuation> {
  const { characters } = model.vocabulary;
  const anywhere = marginal(model, suffix);
  const agenda: Step[] = [];
  /** The sum of the weights of the gap's ends. */
  let ends = 0;

  const join = (to: Candidate, position: EnsemblePosition, predicted: number, ratio: number, p: number) => {
    const further = ratio + Math.log(p) - anywhere[predicted];
    ends -= to.end;
    to.end = weightOfEnd(to, further, prior);
    ends += to.end;
    if (predicted + 1 < suffix.length)
      agenda.push({
        to,
        before: position,
        token: suffix[predicted],
        predicted: predicted + 1,
        ratio: further,
      });
  };

  const lookInto = (at: Candidate, position: EnsemblePosition) => {
    at.isOpen = false;
    const further = at.prior * (1 - prior.ending);
    const p = model.predict(position, least / further, suffix[0]);
    at.rest = further;
    for (let token = rare + 1; token < p.length; token++) {
      const likely = further * p[token];
      if (likely < least) continue;
      at.rest -= likely;
      const text = at.text + characters[token];
      // No gap begins with a text that is not allowed.
      if (!allows(text)) continue;
      const to = candidate(text, likely);
      at.next.push(to);
      agenda.push({ to, before: position, token, predicted: 0, ratio: 0 });
    }
    at.rest = Math.max(0, at.rest);
    join(at, position, 0, 0, p[suffix[0]]);
  };

  const root = candidate('', 1);
  await pause();
  lookInto(root, from);
  for (let steps = suffix.length; agenda.length > 0 && steps < mostSteps && !isOver(steps); steps++) {
    const scale = 1 / Math.max(1, ends);
    const priority = ({ to, predicted }: Step) => (predicted === 0 ? to.prior : to.end * scale);
    let best = 0;
    for (let at = 1; at < agenda.length; at++) if (priority(agenda[at]) > priority(agenda[best])) best = at;
    if (priority(agenda[best]) < least) break;
    const [{ to, before, token, predicted, ratio }] = agenda.splice(best, 1);
    await pause();
    const position = model.read(before, token);
    if (predicted === 0) lookInto(to, position);
    else {
      const next = suffix[predicted];
      join(to, position, predicted, ratio, model.predict(position, 1, next)[next]);
    }
  }
  return posterior(root, prior);
}

/** Returns the logarithm of the probability of each token of a suffix after those before it, wherever it stands. */
function marginal(model: GapModel, suffix: Int32Array): Float64Array {
  let position = model.begin();
  return Float64Array.from(suffix, (token, at) => {
    if (at > 0) position = model.read(position, suffix[at - 1]);
    return Math.log(model.predict(position, 1, token)[token]);
  });
}
