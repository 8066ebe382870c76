// Which files `.gitignore` files leave out. Knows nothing of VS Code, so that it is tested without it.
import ignore, { type Ignore } from 'ignore';

/** Paths are relative to the root that the instance is for, with slashes. */
export class GitIgnore {
  readonly #read: (path: string) => Promise<string | null>;
  readonly #rules = new Map<string, Promise<Ignore>>();
  readonly #folders = new Map<string, Promise<boolean>>();

  /** @param read the text of a file; null where there is none */
  constructor(read: (path: string) => Promise<string | null>) {
    this.#read = read;
  }

  async ignores(file: string): Promise<boolean> {
    return (await this.#ignoresFolder(parentOf(file))) || this.#says(file, '');
  }

  /** Nothing below a folder that is left out can be taken in again. */
  #ignoresFolder(folder: string): Promise<boolean> {
    if (folder === '') return Promise.resolve(false);
    return cached(
      this.#folders,
      folder,
      async () => (await this.#ignoresFolder(parentOf(folder))) || this.#says(folder, '/'),
    );
  }

  /** The nearest file that says anything about a path decides (gitignore(5)). */
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
