// The extension host's side of the exporter. It does not import VS Code, so that it can be tested without it.
import type { ExporterToHost, ExportRequest, ImportRequest } from '../../protocol/exporter.ts';
import { hasType, messageTypes } from '../../protocol/message.ts';
import { onlyMessage } from './onlyMessage.ts';

const types = messageTypes<ExporterToHost>()('exported', 'imported', 'failed');

/** Writes a model for another program. @throws Error with a sentence for the user. */
export async function exportAs(script: string, request: ExportRequest): Promise<void> {
  await answerTo(script, request);
}

/**
 * Reads a model that was exported. @returns what was imported; null when it was cancelled
 * @throws Error with a sentence for the user
 */
export async function importFrom(
  script: string,
  request: ImportRequest,
  signal?: AbortSignal,
): Promise<string | null> {
  const answer = await answerTo(script, request, signal);
  return answer?.type === 'imported' ? answer.message : null;
}

async function answerTo(
  script: string,
  request: ExportRequest | ImportRequest,
  signal?: AbortSignal,
): Promise<ExporterToHost | null> {
  const task = { script, request, name: 'exporter', ...(signal ? { signal } : {}) };
  const message = await onlyMessage(task, (said) => (hasType<ExporterToHost>(said, types) ? said : null));
  if (message?.type === 'failed') throw new Error(message.message);
  return message;
}
