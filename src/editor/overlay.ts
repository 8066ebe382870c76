// The runs that are laid under the one that is shown; also after a window reload, as far as they are on disk.
import { basename } from 'node:path';
import { EventEmitter, type Memento } from 'vscode';
import { type EarlierRun, earlierRun } from '../protocol/panel.ts';
import type { RunSnapshot } from '../protocol/run.ts';
import { readRun } from './restore.ts';

const key = 'overlay';

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
    const directories = this.#memento.get<readonly string[]>(key, []);
    const runs = await Promise.all(directories.map(readRun));
    // What has been laid there in the meantime stays.
    for (const [index, run] of runs.entries())
      if (run && !this.#runs.has(directories[index]))
        this.#runs.set(directories[index], earlierRun(basename(directories[index]), run));
    this.#changes.fire();
  }

  dispose(): void {
    this.#changes.dispose();
  }

  #tell(): void {
    void this.#memento.update(key, [...this.#runs.keys()]);
    this.#changes.fire();
  }
}
