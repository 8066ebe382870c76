// The runs that are laid under the one that is shown; also after a window reload, those on disk and those that failed.
import { basename } from 'node:path';
import { EventEmitter, type Memento } from 'vscode';
import { type EarlierRun, earlierRun } from '../../protocol/panel.ts';
import type { RunSnapshot } from '../../protocol/run.ts';
import { readStoredRun } from '../models/storedRun.ts';

const key = 'laid';

/** A run as it is found again. */
interface Laid {
  readonly directory: string;
  /** One that failed may have left nothing on disk, or not its end: as it was, without its steps. */
  readonly failed: RunSnapshot | null;
}

export class Overlay {
  readonly #memento: Memento;
  readonly #changes = new EventEmitter<void>();
  /** By the folders of their models. */
  #runs = new Map<string, EarlierRun>();

  readonly onDidChange = this.#changes.event;

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  get runs(): readonly EarlierRun[] {
    return [...this.#runs.values()];
  }

  has(directory: string): boolean {
    return this.#runs.has(directory);
  }

  lay(directory: string, run: RunSnapshot): void {
    this.#runs.set(directory, earlierRun(basename(directory), run));
    this.#tell();
  }

  take(directory: string): void {
    if (this.#runs.delete(directory)) this.#tell();
  }

  clear(): void {
    this.#runs.clear();
    this.#tell();
  }

  async restore(): Promise<void> {
    const laid = this.#memento.get<readonly Laid[]>(key, []);
    const runs = await Promise.all(laid.map(find));
    // What has been laid there in the meantime stays.
    for (const [index, run] of runs.entries()) {
      const { directory } = laid[index];
      if (run && !this.#runs.has(directory)) this.#runs.set(directory, earlierRun(basename(directory), run));
    }
    this.#changes.fire();
  }

  dispose(): void {
    this.#changes.dispose();
  }

  #tell(): void {
    const laid: Laid[] = [...this.#runs].map(([directory, { run }]) => ({
      directory,
      failed: run.status.kind === 'failed' ? { ...run, points: { ...run.points, steps: [] } } : null,
    }));
    void this.#memento.update(key, laid);
    this.#changes.fire();
  }
}

async function find({ directory, failed }: Laid): Promise<RunSnapshot | null> {
  const onDisk = await readStoredRun(directory);
  if (!failed) return onDisk;
  return { ...failed, points: { ...failed.points, steps: onDisk?.points.steps ?? [] } };
}
