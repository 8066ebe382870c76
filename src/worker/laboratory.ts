// The laboratory is a worker that examines cells, away from the editor's thread.
import type { LaboratoryService } from '../protocol/laboratory.ts';
import type { Port } from '../protocol/port.ts';
import { examine } from './examine.ts';
import type { Platform } from './platform.ts';
import { serve } from './workerChannel.ts';

export function serveLaboratory(port: Port, { breathe, files }: Platform): void {
  serve<LaboratoryService>(port, breathe, {
    name: 'The examination',
    answer: async (request) => examine(request, files),
  });
}
