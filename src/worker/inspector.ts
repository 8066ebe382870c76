// The inspector is a worker that keeps open the models that it was asked about last.
import type { Pause } from '../completion/stateCache/documentStates.ts';
import type { Answers, InspectorRequest, InspectorService, TagSpans } from '../protocol/inspector.ts';
import type { ModelReference } from '../protocol/modelReference.ts';
import type { Port } from '../protocol/port.ts';
import { diagnose } from './diagnose.ts';
import { startEngine } from './engines.ts';
import { openFiller, openStoredContinuer } from './fillers.ts';
import { InspectedModel } from './inspectedModel.ts';
import { OpenByFolder } from './openByFolder.ts';
import type { Platform } from './platform.ts';
import { readingsOf, wrongRowsOf } from './readings.ts';
import { serve } from './workerChannel.ts';

/** The milliseconds between two parts of a text that is being generated. */
const interval = 50;

/** The number of models that are kept open. */
const maximumModels = 2;

const noTags: TagSpans = { offsets: new Int32Array(1), tags: [] };

/** Begins to serve as an inspector. Models are opened as they are asked for. */
export function serveInspector(port: Port, platform: Platform): void {
  const engine = startEngine(platform, { kind: 'auto', threads: 1 }).then((start) => start.engine);
  /** The open models by folder, the most recently used last. */
  const models = new Map<string, InspectedModel>();
  const fillers = new OpenByFolder(async (folder) => openFiller(await engine, platform.files, folder));
  const continuers = new OpenByFolder(async (folder) =>
    openStoredContinuer(await engine, platform.files, folder),
  );

  serve<InspectorService>(port, platform.breathe, { name: 'The inspection', answer });

  async function answer(
    request: InspectorRequest,
    pause: Pause,
    post: (written: string) => void,
  ): Promise<Answers[InspectorRequest['kind']]> {
    switch (request.kind) {
      case 'diagnose':
        return diagnose(await engine, platform);
      case 'readings':
        return readingsOf(request);
      case 'wrong rows':
        return wrongRowsOf(request);
      case 'evidence':
        return (await fillers.open(request)).evidence?.(request.passage) ?? null;
      case 'tags':
        return (await fillers.open(request)).tags?.(request.passage) ?? noTags;
      case 'rewritings':
        return (await fillers.open(request)).rewritings?.(request.passage) ?? null;
      case 'fill':
        return (await fillers.open(request)).fill(request.passage, request.of, pause);
      case 'forecast':
        return (await continuers.open(request)).next(request);
    }
    const model = await open(request);
    switch (request.kind) {
      case 'surprise':
        return model.surprise(request.passage, request.ensemble, pause);
      case 'units':
        return model.units(request.text, pause);
      case 'activations':
        return model.activations(request.passage, request.unit, pause);
      case 'generate': {
        let written = '';
        let posted = performance.now();
        const flush = () => {
          if (written !== '') post(written);
          written = '';
          posted = performance.now();
        };
        const generated = await model.generate(request, pause, (text) => {
          written += text;
          if (performance.now() - posted > interval) flush();
        });
        flush();
        return generated;
      }
    }
  }

  async function open({ model: directory, revision }: ModelReference): Promise<InspectedModel> {
    const known = models.get(directory);
    const model =
      known?.revision === revision
        ? known
        : new InspectedModel(await engine, platform, directory, revision, known ?? null);
    if (known && known !== model) known.dispose();
    models.delete(directory);
    models.set(directory, model);
    const [oldest] = models.keys();
    if (models.size > maximumModels) {
      models.get(oldest)!.dispose();
      models.delete(oldest);
    }
    return model;
  }
}
