// The extension host's side of the laboratory. It does not import VS Code, so that it can be tested without
// it.
import type { Finding, LaboratoryRequest, LaboratoryToHost } from '../../protocol/laboratory.ts';
import { hasType, messageTypes } from '../../protocol/message.ts';
import { onlyMessage } from './onlyMessage.ts';

const types = messageTypes<LaboratoryToHost>()('found', 'failed');

/**
 * Runs one examination in a worker of its own, which is ended afterwards.
 *
 * @returns null when it was cancelled. @throws Error with a sentence for the user.
 */
export async function examine(
  script: string,
  request: LaboratoryRequest,
  signal: AbortSignal,
): Promise<Finding | null> {
  const message = await onlyMessage({ script, request, name: 'laboratory', signal }, (said) =>
    hasType<LaboratoryToHost>(said, types) ? said : null,
  );
  if (message?.type === 'failed') throw new Error(message.message);
  return message?.finding ?? null;
}
