// Decides which files `.gitignore` files leave out. It does not import VS Code, so that it can be tested
// without it.
import ignore, { type Ignore } from 'ignore';

/** Applies the `.gitignore` files below one root; paths are relative to it, with slashes. */
export class GitIgnore {
  readonly #read: (path: string) => Promise<string | null>;
  readonly #rules = new Map<string, Promise<Ignore>>();
  readonly #folders = new Map<string, Promise<boolean>>();

  /** @param read returns the text of a file; null if there is none */
  constructor(read: (path: string) => Promise<string | null>) {
    this.#read = read;
  }

  async ignores(file: string): Promise<boolean> {
    return (await this.#ignoresFolder(parentOf(file))) || this.#says(file, '');
  }

  /** A file below an ignored folder cannot be re-included. */
  #ignoresFolder(folder: string): Promise<boolean> {
    if (folder === '') return Promise.resolve(false);
    return cached(
      this.#folders,
      folder,
      async () => (await this.#ignoresFolder(parentOf(folder))) || this.#says(folder, '/'),
    );
  }

  /** The nearest file with a rule for the path decides (gitignore(5)). */
  async #says(path: string, mark: '' | '/'): Promise<boolean> {
    for (let folder = parentOf(path); ; folder = parentOf(folder)) {
      const own = folder === '' ? path : path.slice(folder.length + 1);
      const { ignored, unignored } = (await this.#rulesIn(folder)).test(`${own}${mark}`);
      if (ignored || unignored) return ignored;
      if (folder === '') return false;
    }
  }

  #rulesIn(folder: string): Promise<Ignore> {
    return cached(this.#rules, folder, async () => {
      const text = await this.#read(folder === '' ? '.gitignore' : `${folder}/.gitignore`);
      return ignore().add(text ?? '');
    });
  }
}

function cached<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
