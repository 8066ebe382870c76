// The exporter is a worker that writes a model for other programs, or reads one that was exported, away from the
// editor's thread, which holds no weights.
import { joinDocuments } from '../../data/text/corpus.ts';
import type { ExporterService } from '../../protocol/exporter.ts';
import type { Port } from '../../protocol/port.ts';
import { capabilitiesOf } from '../../store/capabilities.ts';
import type { Files } from '../../store/files.ts';
import { readManifest } from '../../store/modelFolder.ts';
import { wholeDocuments } from '../../store/textFile.ts';
import { readEngineWishes, startEngine } from '../engines.ts';
import type { Platform } from '../platform.ts';
import { serve } from '../workerChannel.ts';
import { exportFormats } from './exportFormats.ts';
import type { Page } from './exportTfjs.ts';
import { comesWithoutText, copyModel, importModel } from './importModel.ts';

/** @param web writes the exported folder; its page is read for each export */
export function serveExporter(
  port: Port,
  platform: Platform,
  web: { readonly files: Files; readPage(): Page },
): void {
  const { files } = platform;
  serve<ExporterService>(port, platform.breathe, {
    name: 'The exporter',
    answer: async (request) => {
      if (request.type === 'import') {
        const { from, directory, text, settings } = request;
        if (!text && comesWithoutText(files, from)) return { kind: 'comes without its text' };
        const start = async () => (await startEngine(platform, readEngineWishes(settings))).engine;
        const named = text && { ...text, text: joinDocuments(wholeDocuments(files, text.documents)) };
        const model = await importModel(platform, start, from, directory, named);
        const manifest = readManifest(files, directory);
        const { uri, languageId } = manifest.provenance;
        return { kind: 'imported', model, capabilities: [...capabilitiesOf(manifest)], uri, languageId };
      }
      if (request.type === 'copy') {
        copyModel(files, request.directory, request.to);
        return null;
      }
      const { format, directory, to } = request;
      exportFormats[format]({ files, directory }, { files: web.files, directory: to }, web.readPage);
      return null;
    },
  });
}
