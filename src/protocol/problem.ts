/**
 * A problem that the user did not expect and can do something about: `message` is a sentence for them. Any
 * other error that is thrown is a bug.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
}

/** A problem with what the user has set, wherever it is set: the settings of VS Code, or options of the command line. */
export class SettingsProblem extends Problem {
  /** The sentence without the place. */
  readonly said: string;

  /** @param name the setting's name without the prefix, such as `train.k1` */
  constructor(name: string, said: string) {
    super(`In the setting \`unroll.${name}\`: ${said}`);
    this.said = said;
  }
}
