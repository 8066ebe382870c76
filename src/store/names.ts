// Names of the files in a model's folder. All but the manifest's say what they hold: the beginning of its SHA-256.

export const manifestName = 'model.json';

const extensions = { weights: 'safetensors', text: 'txt', checkpoint: 'safetensors', history: 'json' };

export type PartKind = keyof typeof extensions;

/** The digits of a digest that stand in a name. */
const digits = 16;

export const partName = (kind: PartKind, digest: string): string =>
  `${kind}-${digest.slice(0, digits)}.${extensions[kind]}`;

/** What a manifest may name: the name is fixed, or a number, where an earlier version has written it. */
export const partPatterns: Readonly<Record<PartKind, RegExp>> = {
  weights: /^weights-([0-9a-f]{16}|\d{1,15})\.safetensors$/,
  text: /^text-[0-9a-f]{16}\.txt$/,
  checkpoint: /^checkpoint(-[0-9a-f]{16})?\.safetensors$/,
  history: /^history(-[0-9a-f]{16})?\.json$/,
};

const said = /-([0-9a-f]{16})\./;

/** Earlier versions have given names that do not. */
export const saysWhatItHolds = (name: string): boolean => said.test(name);

/** @param digest of what is in the file */
export const holdsWhatItSays = (name: string, digest: string): boolean =>
  digest.startsWith(said.exec(name)![1]);

export const isPart = (name: string): boolean =>
  Object.values(partPatterns).some((pattern) => pattern.test(name));

/** What a writer leaves that is killed: a part or a manifest that has not got its name yet. */
export function isTemporary(name: string): boolean {
  const [, wanted] = /^(.+?)\.\d+(?:\.\d+)?\.tmp$/.exec(name) ?? [];
  return wanted !== undefined && (wanted === manifestName || isPart(wanted));
}
