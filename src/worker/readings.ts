// Understands a document as the data of each task that is trained on rows.
import type { DataReading, RowsRequest, WrongRow } from '../protocol/rows.ts';
import { acceptorReadings } from '../tasks/acceptor/readings.ts';
import { wrongRowsOfTable } from '../tasks/acceptor/wrongRows.ts';

type Request<Kind extends RowsRequest['kind']> = Extract<RowsRequest, { readonly kind: Kind }>;

export function readingsOf({ text, named, columns }: Request<'readings'>): readonly DataReading[] {
  return acceptorReadings(text, named, columns);
}

export function wrongRowsOf({ text, choice }: Request<'wrong rows'>): readonly WrongRow[] {
  return choice.kind === 'acceptor' ? wrongRowsOfTable(text, choice) : [];
}
