// The exporter is a worker that writes a model for other programs, or reads one that was exported, away from the
// editor's thread, which holds no weights.
import type { ExporterService } from '../protocol/exporter.ts';
import type { Port } from '../protocol/port.ts';
import type { Files } from '../store/files.ts';
import { readEngineWishes, startEngine } from './engines.ts';
import { exportFormats } from './exportFormats.ts';
import type { Page } from './exportTfjs.ts';
import { importModel } from './importModel.ts';
import type { Platform } from './platform.ts';
import { serve } from './workerChannel.ts';

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
        const { from, directory, settings } = request;
        const start = async () => (await startEngine(platform, readEngineWishes(settings))).engine;
        return importModel(platform, start, from, directory, null);
      }
      const { format, directory, to } = request;
      exportFormats[format]({ files, directory }, { files: web.files, directory: to }, web.readPage);
      return null;
    },
  });
}
