/**
 * Something that the user did not expect and can do something about: `message` is a sentence for them.
 * Everything else that is thrown is our mistake.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
}
