// The overlay holds the runs that are drawn under the current one. After a window reload it restores those on
// disk and those that failed.
import { basename } from 'node:path';
import { EventEmitter, type Memento } from 'vscode';
import { type EarlierRun, earlierRun } from '../../protocol/panel.ts';
import type { RunSnapshot } from '../../protocol/run.ts';
import type { Processes } from '../../store/files.ts';
import { readHistory } from '../../store/history.ts';
import { readStoredRun } from '../models/storedRun.ts';

const key = 'laid';

/** The stored reference to a run of the overlay. */
interface Laid {
  readonly directory: string;
  /**
   * The failed run without its steps, because it may have left nothing on disk, or not its end; null if it
   * did not fail.
   */
  readonly failed: RunSnapshot | null;
}

export class Overlay {
  readonly #memento: Memento;
  readonly #processes: Processes;
  readonly #changes = new EventEmitter<void>();
  /** The runs by the folders of their models. */
  #runs = new Map<string, EarlierRun>();

  readonly onDidChange = this.#changes.event;

  constructor(memento: Memento, processes: Processes) {
    this.#memento = memento;
    this.#processes = processes;
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
    const runs = await Promise.all(laid.map((each) => find(each, this.#processes)));
    // Runs that were added to the overlay in the meantime are kept.
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

async function find(
  { directory, failed: remembered }: Laid,
  processes: Processes,
): Promise<RunSnapshot | null> {
  const onDisk = await readStoredRun(directory, processes);
  // It may have been remembered by an older version.
  const failed = remembered && readHistory(remembered);
  if (!failed) return onDisk;
  return { ...failed, points: { ...failed.points, steps: onDisk?.points.steps ?? [] } };
}
