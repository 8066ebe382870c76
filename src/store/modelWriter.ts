// Writes a model's folder. A generation consists of files that are named by their contents, and of the
// manifest that names them. The manifest is renamed into place last: a writer that is killed before has
// changed nothing, and a reader finds the whole old generation or the whole new one. Files that no manifest
// names any more are removed after that.
import type { Weight, Weights } from '../backend/engine.ts';
import { Problem } from '../protocol/problem.ts';
import type { RunSnapshot } from '../protocol/run.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import { packCheckpoint } from './checkpoint.ts';
import { reasonOf } from './fileProblem.ts';
import { type Files, isFileError } from './files.ts';
import { isFiniteCheckpoint } from './fit.ts';
import { refuseHeld } from './lease.ts';
import { makeManifest } from './manifest.ts';
import { mixtureName, readManifest } from './modelFolder.ts';
import { isPart, isTemporary, manifestName, type PartKind, partName, saysWhatItHolds } from './names.ts';
import { writeSafetensors } from './safetensors.ts';

/** Everything that a model has on disk at one time. */
export interface Generation {
  readonly contents: Omit<Parameters<typeof makeManifest>[0], PartKind>;
  readonly weights: Weights;
  /** The weights of the mixture, see `StoredModel`. */
  readonly mixture: Weight | null;
  /** The training text. */
  readonly text: string;
  /** The checkpoint; null keeps the one of the generation before, if there is one. */
  readonly checkpoint: Checkpoint | null;
  readonly history: RunSnapshot;
}

/** A file that has been written, and the values from which it was made. */
interface Part {
  readonly name: string;
  readonly size: number;
  readonly of: readonly unknown[] | null;
}

type Parts = Partial<Record<PartKind, Part>>;

/** The number of attempts to write a generation while another process removes parts of it. */
const mostWritings = 5;

/** Writes the generations of one model into its folder. */
export class ModelWriter {
  readonly #files: Files;
  readonly #directory: string;
  /** The parts of the last generation that this writer has written. */
  #parts: Parts = {};
  /**
   * The parts that were in the folder at the beginning, until this writer's first generation replaces them.
   */
  #found: ReadonlySet<string> = new Set();
  /** The names of files that no manifest names any more. */
  readonly #garbage = new Set<string>();

  constructor(files: Files, directory: string) {
    this.#files = files;
    this.#directory = directory;
  }

  /**
   * Whether there is a model in the folder, by this writer or another, or the remains of one from a killed
   * run.
   */
  get hasModel(): boolean {
    return this.#found.size > 0 || this.#parts.history !== undefined;
  }

  /**
   * Checks, before a run begins, whether its model can be kept, and removes what killed writers have left.
   * @param goesOn whether the run goes on from the checkpoint in the folder, which stays until there is
   * another
   * @throws Problem when the model cannot be kept, or another training holds the folder
   */
  prepare(goesOn = false): void {
    const files = this.#files;
    try {
      const found = files.stat(this.#directory);
      refuseHeld(files, this.#directory);
      files.makeDirectory(this.#directory);
      if (found && this.#belongsToAnother())
        throw new Problem(
          `${this.#directory} holds something else: its ${manifestName} is not of Unroll. Name another folder for the model.`,
        );
      this.#tryToWrite();
      if (found) this.#collect();
      if (goesOn) this.#keepCheckpoint();
      // A run that ends before anything is kept leaves no folder.
      if (!found) this.#removeEmpty();
    } catch (error) {
      if (!isFileError(error)) throw error;
      throw new Problem(`The model could not be kept in ${this.#directory}: ${reasonOf(error)}.`);
    }
  }

  /** Writes a generation. @throws FileError, after which the generation before is unchanged */
  write(generation: Generation): void {
    const files = this.#files;
    files.makeDirectory(this.#directory);
    const before = this.#parts;
    let parts = this.#writeOnce(generation, before);
    // Another process that goes on with the same run may have removed a part before the manifest named it.
    for (let again = 1; again < mostWritings && !this.#areThere(parts); again++)
      parts = this.#writeOnce(generation, parts);
    this.#parts = parts;
    this.#discard([...namesOf(before), ...this.#found], new Set(namesOf(parts)));
    this.#found = new Set();
    files.sync(this.#directory);
  }

  /** @param known the parts that need not be written again as long as they are there */
  #writeOnce({ contents, weights, mixture, text, checkpoint, history }: Generation, known: Parts): Parts {
    const parts: Parts = {};
    try {
      const mixed = mixture ? [[mixtureName, mixture] as const] : [];
      parts.weights = this.#part('weights', known, [weights, mixture], () =>
        writeSafetensors(new Map([...weights, ...mixed])),
      );
      parts.text = this.#part('text', known, [text], () => [encode(text)]);
      // No run could go on from a checkpoint that is not finite, so the one before stays.
      if (checkpoint && isFiniteCheckpoint(checkpoint))
        parts.checkpoint = this.#part('checkpoint', known, null, () => {
          const packed = packCheckpoint(checkpoint);
          return writeSafetensors(packed.weights, packed.metadata);
        });
      else if (known.checkpoint && this.#isThere(known.checkpoint)) parts.checkpoint = known.checkpoint;
      parts.history = this.#part('history', known, null, () => [encode(JSON.stringify(history))]);
      const manifest = makeManifest({
        ...contents,
        weights: parts.weights.name,
        text: parts.text.name,
        checkpoint: parts.checkpoint?.name ?? null,
        history: parts.history.name,
      });
      this.#replace(manifestName, [encode(`${JSON.stringify(manifest, null, 2)}\n`)]);
      return parts;
    } catch (error) {
      // The new parts are removed, as they would take the space that the next attempt needs.
      this.#discard(namesOf(parts), new Set([...namesOf(this.#parts), ...this.#found]));
      throw error;
    }
  }

  /**
   * Writes a part. @param of the values from which it is made; if they are the same again, it is not made
   * again
   */
  #part(
    kind: PartKind,
    { [kind]: known }: Parts,
    of: readonly unknown[] | null,
    make: () => readonly Uint8Array[],
  ): Part {
    if (known && of?.every((each, index) => each === known.of?.[index]) && this.#isThere(known)) return known;
    const bytes = make();
    const name = partName(kind, this.#files.digest(bytes));
    const size = bytes.reduce((sum, { length }) => sum + length, 0);
    const part = { name, size, of };
    if (known?.name !== name || !this.#isThere(part)) this.#replace(name, bytes);
    return part;
  }

  /** Returns whether a part still exists: another writer may have removed it. */
  #isThere({ name, size }: Part): boolean {
    const found = this.#files.stat(`${this.#directory}/${name}`);
    return found?.kind === 'file' && found.size === size;
  }

  #areThere(parts: Parts): boolean {
    return Object.values(parts).every((part) => this.#isThere(part));
  }

  /** Returns the parts that the manifest in the folder names, which another writer may have put there. */
  #named(): string[] {
    try {
      const { weights, text, checkpoint, history } = readManifest(this.#files, this.#directory);
      return [weights, text, checkpoint, history].filter((name) => name !== null);
    } catch (error) {
      if (error instanceof Problem) return [];
      throw error;
    }
  }

  #replace(name: string, bytes: readonly Uint8Array[]): void {
    const files = this.#files;
    const path = `${this.#directory}/${name}`;
    const temporary = `${this.#directory}/${this.#temporary(name)}`;
    try {
      files.write(temporary, bytes);
      files.sync(temporary);
      files.rename(temporary, path);
    } catch (error) {
      this.#remove(temporary);
      throw error;
    }
    this.#garbage.delete(name);
  }

  /**
   * Removes the `old` parts that are not among the `current` ones, and what could not be removed before. Those that the
   * manifest of another writer names stay where its readers look for them, until it is replaced. As that writer may name
   * one just then, the others are put aside, and put back where the manifest names them by now; a manifest that comes
   * later is that of a writer who will see that they are gone.
   */
  #discard(old: readonly string[], current: ReadonlySet<string>): void {
    for (const name of old) this.#garbage.add(name);
    for (const name of this.#garbage) if (current.has(name)) this.#garbage.delete(name);
    const before = new Set(this.#named());
    const aside = [...this.#garbage].filter(
      (name) => !before.has(name) && this.#move(name, this.#temporary(name)),
    );
    const named = new Set(this.#named());
    for (const name of aside)
      if (!named.has(name) && this.#remove(`${this.#directory}/${this.#temporary(name)}`))
        this.#garbage.delete(name);
      else this.#move(this.#temporary(name), name);
  }

  #temporary(name: string): string {
    return `${name}.${this.#files.writer}.tmp`;
  }

  /** Renames a file. @returns false where this fails, or there is none */
  #move(from: string, to: string): boolean {
    try {
      this.#files.rename(`${this.#directory}/${from}`, `${this.#directory}/${to}`);
      return true;
    } catch (error) {
      if (!isFileError(error)) throw error;
      if (error.code === 'ENOENT') this.#garbage.delete(from);
      return false;
    }
  }

  /** Removes a file. @returns false where this fails, which takes space and does no harm */
  #remove(path: string): boolean {
    try {
      this.#files.remove(path);
      return true;
    } catch (error) {
      if (!isFileError(error)) throw error;
      return false;
    }
  }

  #keepCheckpoint(): void {
    const { checkpoint: name } = readManifest(this.#files, this.#directory);
    const found = name === null ? null : this.#files.stat(`${this.#directory}/${name}`);
    if (name !== null && found) this.#parts.checkpoint = { name, size: found.size, of: null };
  }

  #tryToWrite(): void {
    const path = `${this.#directory}/${this.#temporary(manifestName)}`;
    try {
      this.#files.write(path, [encode('{}')]);
    } catch (error) {
      this.#remove(path);
      throw error;
    }
    this.#files.remove(path);
  }

  /** Removes the folder if it is empty: another writer may have put something there in the meantime. */
  #removeEmpty(): void {
    try {
      this.#files.removeDirectory(this.#directory);
    } catch (error) {
      if (!isFileError(error)) throw error;
    }
  }

  /**
   * Removes temporary files at once, and lists the parts that this writer's first generation replaces. Parts
   * that appear later are left alone, since another process may be about to name them.
   */
  #collect(): void {
    const names = this.#files.list(this.#directory);
    for (const name of names) if (isTemporary(name)) this.#remove(`${this.#directory}/${name}`);
    // Without a manifest, only a name with a digest shows that a file is a part, left by a killed run.
    const isOurs = names.includes(manifestName)
      ? isPart
      : (name: string) => isPart(name) && saysWhatItHolds(name);
    this.#found = new Set(names.filter(isOurs));
  }

  /** Returns whether the folder has an intact manifest of something else. */
  #belongsToAnother(): boolean {
    const manifest = `${this.#directory}/${manifestName}`;
    try {
      const { format } = JSON.parse(new TextDecoder().decode(this.#files.read(manifest, mostForeignBytes)));
      return format !== 'unroll-model';
    } catch (error) {
      // A damaged manifest is taken for that of a model, which is to be replaced.
      if (!isFileError(error) || error.code === 'ENOENT') return false;
      if (['ELOOP', 'EISDIR', 'EINVAL', 'EFBIG'].includes(error.code)) return true;
      throw error;
    }
  }
}

/** The most bytes of a manifest that is examined. */
const mostForeignBytes = 100_000_000;

const namesOf = (parts: Parts) => Object.values(parts).map(({ name }) => name);

const encode = (text: string) => new TextEncoder().encode(text);
