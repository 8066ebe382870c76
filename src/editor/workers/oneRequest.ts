// The workers that answer one request and are then ended.
import type { Service } from '../../protocol/channel.ts';
import type {
  CopyRequest,
  ExporterService,
  ExportRequest,
  ImportAnswer,
  ImportRequest,
} from '../../protocol/exporter.ts';
import type { Finding, LaboratoryRequest, LaboratoryService } from '../../protocol/laboratory.ts';
import type { StartWorker } from '../../protocol/port.ts';
import type { SamplePoint } from '../../protocol/run.ts';
import type { SampleRequest, SamplerService } from '../../protocol/sampler.ts';
import { describeFault, type Fault, HostChannel } from './hostChannel.ts';

/**
 * Starts a worker for one request and ends it afterwards, also by a cancellation.
 * @param name the worker's name in error messages, such as 'sampler'
 * @returns null when it was cancelled. @throws Error with a sentence for the user.
 */
async function askOnce<Of extends Service>(
  start: StartWorker,
  name: string,
  request: Of['request'],
  signal?: AbortSignal,
): Promise<Of['answer'] | null> {
  if (signal?.aborted) return null;
  const channel = new HostChannel<Of>(start(), { name, describe });
  try {
    return await channel.ask(request, signal);
  } finally {
    channel.dispose();
  }
}

function describe(fault: Fault, name: string): string {
  const sentence = describeFault(fault, name);
  return fault.kind === 'error' || fault.kind === 'outOfMemory' ? sentence : `${sentence} Try again.`;
}

/** Samples a text from a model. @throws Error with a sentence for the user. */
export async function writeSample(start: StartWorker, request: SampleRequest): Promise<SamplePoint> {
  return (await askOnce<SamplerService>(start, 'sampler', request))!;
}

/** Writes a model for other programs, or a copy of it. @throws Error with a sentence for the user. */
export async function runExport(start: StartWorker, request: ExportRequest | CopyRequest): Promise<void> {
  await askOnce<ExporterService>(start, 'exporter', request);
}

/**
 * Reads a model that was exported. @returns what became of it; null when it was cancelled
 * @throws Error with a sentence for the user
 */
export function importFrom(
  start: StartWorker,
  request: ImportRequest,
  signal?: AbortSignal,
): Promise<ImportAnswer | null> {
  return askOnce<ExporterService>(start, 'exporter', request, signal);
}

/** Examines a cell. @returns null when it was cancelled. @throws Error with a sentence for the user. */
export function examine(
  start: StartWorker,
  request: LaboratoryRequest,
  signal: AbortSignal,
): Promise<Finding | null> {
  return askOnce<LaboratoryService>(start, 'laboratory', request, signal);
}
