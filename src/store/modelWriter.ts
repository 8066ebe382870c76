// A model's folder, written. A generation is a set of files whose names say what they hold, and the manifest that
// names them. The manifest is renamed into place last: whoever is killed before has changed nothing, and a reader finds
// the whole old generation or the whole new one. What no manifest names any more is removed after that.
import type { Weight, Weights } from '../backend/engine.ts';
import { Problem } from '../protocol/problem.ts';
import type { RunSnapshot } from '../protocol/run.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import { packCheckpoint } from './checkpoint.ts';
import { reasonOf } from './fileProblem.ts';
import { type Files, isFileError } from './files.ts';
import { isFiniteCheckpoint } from './fit.ts';
import { makeManifest } from './manifest.ts';
import { mixtureName, readManifest } from './modelFolder.ts';
import { isPart, isTemporary, manifestName, type PartKind, partName, saysWhatItHolds } from './names.ts';
import { writeSafetensors } from './safetensors.ts';

export interface Generation {
  readonly contents: Omit<Parameters<typeof makeManifest>[0], PartKind>;
  readonly weights: Weights;
  /** See `StoredModel`. */
  readonly mixture: Weight | null;
  /** What was trained on. */
  readonly text: string;
  /** null is the one of the generation before, if any. */
  readonly checkpoint: Checkpoint | null;
  readonly history: RunSnapshot;
}

/** A file that has been written, and what it was made of. */
interface Part {
  readonly name: string;
  readonly size: number;
  readonly of: readonly unknown[] | null;
}

export class ModelWriter {
  readonly #files: Files;
  readonly #directory: string;
  /** Those of the last generation that this writer has written. */
  #parts: Partial<Record<PartKind, Part>> = {};
  /** Parts of the folder as it was found, until a generation of this writer takes their place. */
  #found: ReadonlySet<string> = new Set();
  /** Names of what no manifest names any more. */
  readonly #garbage = new Set<string>();

  constructor(files: Files, directory: string) {
    this.#files = files;
    this.#directory = directory;
  }

  /** Whether there is a model in the folder, of this writer or of another, or what a killed run has left of one. */
  get hasModel(): boolean {
    return this.#found.size > 0 || this.#parts.history !== undefined;
  }

  /**
   * Looks, before a run begins, whether its model can be kept, and removes what killed writers have left.
   * @param goesOn whether the run goes on from the checkpoint in the folder, which stays until there is another
   * @throws Problem when it cannot
   */
  prepare(goesOn = false): void {
    const files = this.#files;
    try {
      const found = files.stat(this.#directory);
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

  /** @throws FileError, after which the generation before is as it was */
  write({ contents, weights, mixture, text, checkpoint, history }: Generation): void {
    const files = this.#files;
    files.makeDirectory(this.#directory);
    const before = this.#parts;
    const parts: Partial<Record<PartKind, Part>> = {};
    try {
      const mixed = mixture ? [[mixtureName, mixture] as const] : [];
      parts.weights = this.#part('weights', [weights, mixture], () =>
        writeSafetensors(new Map([...weights, ...mixed])),
      );
      parts.text = this.#part('text', [text], () => [encode(text)]);
      // From one that is not finite no run could go on; the one before stays.
      if (checkpoint && isFiniteCheckpoint(checkpoint))
        parts.checkpoint = this.#part('checkpoint', null, () => {
          const packed = packCheckpoint(checkpoint);
          return writeSafetensors(packed.weights, packed.metadata);
        });
      else if (before.checkpoint) parts.checkpoint = before.checkpoint;
      parts.history = this.#part('history', null, () => [encode(JSON.stringify(history))]);
      const manifest = makeManifest({
        ...contents,
        weights: parts.weights.name,
        text: parts.text.name,
        checkpoint: parts.checkpoint?.name ?? null,
        history: parts.history.name,
      });
      this.#replace(manifestName, [encode(`${JSON.stringify(manifest, null, 2)}\n`)]);
    } catch (error) {
      // They would take the place that the next attempt needs.
      this.#discard(namesOf(parts), new Set([...namesOf(before), ...this.#found]));
      throw error;
    }
    this.#parts = parts;
    this.#discard([...namesOf(before), ...this.#found], new Set(namesOf(parts)));
    this.#found = new Set();
    files.sync(this.#directory);
  }

  /** @param of what it is made of, where it need not be made again of the same */
  #part(kind: PartKind, of: readonly unknown[] | null, make: () => readonly Uint8Array[]): Part {
    const known = this.#parts[kind];
    if (known && of?.every((each, index) => each === known.of?.[index]) && this.#isThere(known)) return known;
    const bytes = make();
    const name = partName(kind, this.#files.digest(bytes));
    const size = bytes.reduce((sum, { length }) => sum + length, 0);
    const part = { name, size, of };
    if (known?.name !== name || !this.#isThere(part)) this.#replace(name, bytes);
    return part;
  }

  /** Another writer may have removed it. */
  #isThere({ name, size }: Part): boolean {
    const found = this.#files.stat(`${this.#directory}/${name}`);
    return found?.kind === 'file' && found.size === size;
  }

  #replace(name: string, bytes: readonly Uint8Array[]): void {
    const files = this.#files;
    const path = `${this.#directory}/${name}`;
    const temporary = `${path}.${files.writer}.tmp`;
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

  /** Removes the `old` parts that are not among the `current` ones, and what could not be removed before. */
  #discard(old: readonly string[], current: ReadonlySet<string>): void {
    for (const name of old) this.#garbage.add(name);
    for (const name of this.#garbage)
      if (current.has(name) || this.#remove(`${this.#directory}/${name}`)) this.#garbage.delete(name);
  }

  /** What cannot be removed takes space and does no harm. */
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
    const path = `${this.#directory}/${manifestName}.${this.#files.writer}.tmp`;
    try {
      this.#files.write(path, [encode('{}')]);
    } catch (error) {
      this.#remove(path);
      throw error;
    }
    this.#files.remove(path);
  }

  /** Another may have put something there in the meantime. */
  #removeEmpty(): void {
    try {
      this.#files.removeDirectory(this.#directory);
    } catch (error) {
      if (!isFileError(error)) throw error;
    }
  }

  /**
   * Temporaries go at once; what the first generation of this writer replaces goes after it. Parts that another
   * process is about to name are not known to be garbage: those that come later are left alone.
   */
  #collect(): void {
    const names = this.#files.list(this.#directory);
    for (const name of names) if (isTemporary(name)) this.#remove(`${this.#directory}/${name}`);
    // Without a manifest, only a name with a digest tells that a file is a part, which a killed run has left.
    const isOurs = names.includes(manifestName)
      ? isPart
      : (name: string) => isPart(name) && saysWhatItHolds(name);
    this.#found = new Set(names.filter(isOurs));
  }

  /** Whether the folder has a manifest that is whole and says that it is something else. */
  #belongsToAnother(): boolean {
    const manifest = `${this.#directory}/${manifestName}`;
    try {
      const { format } = JSON.parse(new TextDecoder().decode(this.#files.read(manifest, mostForeignBytes)));
      return format !== 'unroll-model';
    } catch (error) {
      // A damaged manifest is one of a model that is to be replaced.
      if (!isFileError(error) || error.code === 'ENOENT') return false;
      if (['ELOOP', 'EISDIR', 'EINVAL', 'EFBIG'].includes(error.code)) return true;
      throw error;
    }
  }
}

/** Bytes of a manifest that is looked into. */
const mostForeignBytes = 100_000_000;

const namesOf = (parts: Partial<Record<PartKind, Part>>) => Object.values(parts).map(({ name }) => name);

const encode = (text: string) => new TextEncoder().encode(text);
