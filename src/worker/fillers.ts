// The models that fill in rows, as the inspector keeps them open.
import type { Engine } from '../backend/engine.ts';
import type { ModelReference } from '../protocol/modelReference.ts';
import { demand } from '../store/capabilities.ts';
import type { Files } from '../store/files.ts';
import { readEncoderDecoder, readManifest, readModel } from '../store/modelFolder.ts';
import { openAcceptorFiller } from '../tasks/acceptor/fill.ts';
import { openPairFiller } from '../tasks/encoderDecoder/fill.ts';
import type { Filler } from '../tasks/filler.ts';
import { openTransducerFiller } from '../tasks/transducer/fill.ts';

/** The number of models that are kept open. */
const most = 2;

export class Fillers {
  readonly #engine: Promise<Engine>;
  readonly #files: Files;
  /** The open models by folder, the most recently used last. */
  readonly #open = new Map<string, { readonly revision: string; readonly filler: Filler }>();

  constructor(engine: Promise<Engine>, files: Files) {
    this.#engine = engine;
    this.#files = files;
  }

  /** @throws Problem when there is no whole model in the folder, or it fills in nothing */
  async open({ model: directory, revision }: ModelReference): Promise<Filler> {
    const known = this.#open.get(directory);
    this.#open.delete(directory);
    if (known && known.revision !== revision) known.filler.dispose();
    const filler = known?.revision === revision ? known.filler : await this.#read(directory);
    this.#open.set(directory, { revision, filler });
    const [[oldest, { filler: old }]] = this.#open;
    if (this.#open.size > most) {
      old.dispose();
      this.#open.delete(oldest);
    }
    return filler;
  }

  async #read(directory: string): Promise<Filler> {
    const manifest = readManifest(this.#files, directory);
    demand(manifest, 'fill');
    if (manifest.pairs) return openPairFiller(await this.#engine, readEncoderDecoder(this.#files, directory));
    const model = readModel(this.#files, directory);
    const { table, tagging } = model.manifest;
    return tagging
      ? openTransducerFiller(await this.#engine, { ...model, tagging })
      : openAcceptorFiller(await this.#engine, { ...model, table: table! });
  }
}
