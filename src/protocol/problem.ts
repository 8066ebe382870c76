/**
 * A problem that the user did not expect and can do something about: `message` is a sentence for them. Any
 * other error that is thrown is a bug.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
}
