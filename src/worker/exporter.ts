// The exporter is a worker that writes a model for other programs, away from the editor's thread, which holds
// no weights.
import type { ExporterService } from '../protocol/exporter.ts';
import type { Port } from '../protocol/port.ts';
import type { Files } from '../store/files.ts';
import { exportFormats } from './exportFormats.ts';
import type { Page } from './exportTfjs.ts';
import type { Platform } from './platform.ts';
import { serve } from './workerChannel.ts';

/** @param web writes the exported folder; its page is read for each export */
export function serveExporter(
  port: Port,
  { files, breathe }: Platform,
  web: { readonly files: Files; readPage(): Page },
): void {
  serve<ExporterService>(port, breathe, {
    name: 'The export',
    answer: async ({ format, directory, to }) => {
      exportFormats[format]({ files, directory }, { files: web.files, directory: to }, web.readPage);
      return null;
    },
  });
}
