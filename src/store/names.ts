// Names the files in a model's folder. Every name but the manifest's contains the beginning of the file's
// SHA-256.

/** The name of the manifest, which names the other files. */
export const manifestName = 'model.json';

const extensions = { weights: 'safetensors', text: 'txt', checkpoint: 'safetensors', history: 'json' };

/** The kinds of the files that a manifest names. */
export type PartKind = keyof typeof extensions;

/** The number of hexadecimal digits of a digest in a name. */
const digits = 16;

/** Returns the name of a part. @param digest the SHA-256 of its contents, in hexadecimal digits */
export const partName = (kind: PartKind, digest: string): string =>
  `${kind}-${digest.slice(0, digits)}.${extensions[kind]}`;

/** The names that a manifest may contain. Those that earlier versions wrote are fixed, or have a number. */
export const partPatterns: Readonly<Record<PartKind, RegExp>> = {
  weights: /^weights-([0-9a-f]{16}|\d{1,15})\.safetensors$/,
  text: /^text-[0-9a-f]{16}\.txt$/,
  checkpoint: /^checkpoint(-[0-9a-f]{16})?\.safetensors$/,
  history: /^history(-[0-9a-f]{16})?\.json$/,
};

/** The digest in a name. */
const said = /-([0-9a-f]{16})\./;

/** Returns whether a name contains a digest; some that earlier versions gave do not. */
export const saysWhatItHolds = (name: string): boolean => said.test(name);

/** Returns whether the digest in a name is right. @param digest the digest of the file's contents */
export const holdsWhatItSays = (name: string, digest: string): boolean =>
  digest.startsWith(said.exec(name)![1]);

/** Returns whether a name is one that a manifest may contain. */
export const isPart = (name: string): boolean =>
  Object.values(partPatterns).some((pattern) => pattern.test(name));

/** The name of the file by which a training holds the folder. */
export const leaseName = 'running.json';

/** The name of the file that holds the tokens of a long text while it is trained on, before the writer's own. */
export const scratchName = 'tokens';

/**
 * Returns whether a name is that of a file that was not renamed or removed yet when its writer was killed.
 */
export function isTemporary(name: string): boolean {
  const [, wanted] = /^(.+?)\.\d+(?:\.\d+)?\.tmp$/.exec(name) ?? [];
  const named: readonly (string | undefined)[] = [manifestName, leaseName, scratchName];
  return wanted !== undefined && (named.includes(wanted) || isPart(wanted));
}
