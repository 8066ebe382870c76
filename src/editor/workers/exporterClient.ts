// The extension host's side of the exporter. It does not import VS Code, so that it can be tested without it.
import type { ExporterToHost, ExportRequest } from '../../protocol/exporter.ts';
import { hasType, messageTypes } from '../../protocol/message.ts';
import { onlyMessage } from './onlyMessage.ts';

const types = messageTypes<ExporterToHost>()('exported', 'failed');

/** Writes a model for other programs. @throws Error with a sentence for the user. */
export async function runExport(script: string, request: ExportRequest): Promise<void> {
  const message = await onlyMessage({ script, request, name: 'exporter' }, (said) =>
    hasType<ExporterToHost>(said, types) ? said : null,
  );
  if (message?.type === 'failed') throw new Error(message.message);
}
