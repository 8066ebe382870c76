// Decides whether a file holds secrets, by its name and the names that it links to, and whether a text holds
// a private key. The editor and the command line ask this about every text before it is learned.
import picomatch from 'picomatch';

/** Access to a file system. Paths are absolute; a method returns null if there is no such file or no link. */
export interface FileSystem {
  realpath(path: string): Promise<string | null>;
  /** Returns the target of a symbolic link, as it is written there. */
  readlink(path: string): Promise<string | null>;
}

/** The largest number of links that are followed, which is Linux's limit. */
const mostLinks = 40;

/** Endings that editors and people append to the name of an old version of a file. */
const kept = /(?:~|\.(?:bak|backup|old|orig|save|copy|swp|tmp|\d{1,4}))$/i;

let compiled: { readonly key: string; readonly matches: (path: string) => boolean } | null = null;

/**
 * @param globs the usual `**` and `{a,b}`; one without a slash matches names, any other matches the end of a
 * path
 */
export function isSecretName(path: string, globs: readonly string[]): boolean {
  const key = globs.join('\n');
  if (compiled?.key !== key) compiled = { key, matches: compile(globs) };
  for (let name = withSlashes(path); ; ) {
    if (compiled.matches(name)) return true;
    const older = name.replace(kept, '');
    if (older === name || older.endsWith('/')) return false;
    name = older;
  }
}

/** Tests a file's own name, the name of what it links to, and every name on the way, folders included. */
export async function isSecretFile(
  path: string,
  globs: readonly string[],
  files: FileSystem,
): Promise<boolean> {
  for await (const name of namesOf(withSlashes(path), files)) if (isSecretName(name, globs)) return true;
  return false;
}

/**
 * Returns whether a text holds a private key in PEM (RFC 7468) or OpenPGP armour (RFC 9580), or in a JSON
 * string, as in service accounts: its header and a line's worth of Base64 soon after it. A program that only
 * names the header holds none.
 */
export function holdsPrivateKey(text: string): boolean {
  return /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,600}?[A-Za-z0-9+/]{48}/.test(text);
}

/** Compiles all globs into one expression, because a folder may have many files. */
function compile(globs: readonly string[]): (path: string) => boolean {
  const sources = globs.map((glob) => {
    const anywhere = /^(?:\/|\*\*\/|[a-z]:)/i.test(glob) ? glob : `**/${glob}`;
    // VS Code's own globs negate with both `[!` and `[^`.
    return picomatch.makeRe(anywhere.replaceAll('[!', '[^'), { dot: true, nonegate: true }).source;
  });
  if (sources.length === 0) return () => false;
  const all = new RegExp(sources.join('|'), 'i');
  return (path) => all.test(path);
}

async function* namesOf(path: string, files: FileSystem): AsyncGenerator<string> {
  yield path;
  const real = await files.realpath(path);
  if (real === null || withSlashes(real) === path) return;
  yield withSlashes(real);
  let name: string | null = path;
  for (let links = 0; links < mostLinks; links++) {
    name = await followFirstLink(name, files);
    if (name === null) return;
    yield name;
  }
}

/** Replaces the first symbolic link of a path by its target; returns null if the path has none. */
async function followFirstLink(path: string, { readlink }: FileSystem): Promise<string | null> {
  for (let end = path.indexOf('/', 1); ; end = path.indexOf('/', end + 1)) {
    const [before, after] = end < 0 ? [path, ''] : [path.slice(0, end), path.slice(end)];
    const target = await readlink(before);
    if (target !== null) {
      const to = withSlashes(target);
      return normalised(isAbsolute(to) ? to + after : `${before}/../${to}${after}`);
    }
    if (end < 0) return null;
  }
}

const withSlashes = (path: string): string => path.replaceAll('\\', '/');

const isAbsolute = (path: string): boolean => /^(?:[a-z]:)?\//i.test(path);

function normalised(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && (part !== '' || parts.length === 0)) parts.push(part);
  }
  return parts.join('/');
}
