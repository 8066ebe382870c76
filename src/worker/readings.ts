// Understands a document as the data of each task that is trained on rows.
import type { DataReading, RowsRequest, WrongRow } from '../protocol/rows.ts';
import { acceptorReadings } from '../tasks/acceptor/readings.ts';
import { wrongRowsOfTable } from '../tasks/acceptor/wrongRows.ts';
import { pairReadings, wrongRowsOfPairs } from '../tasks/encoderDecoder/readings.ts';
import { transducerReadings, wrongLinesOfTags } from '../tasks/transducer/readings.ts';

type Request<Kind extends RowsRequest['kind']> = Extract<RowsRequest, { readonly kind: Kind }>;

export function readingsOf({ text, named, columns }: Request<'readings'>): readonly DataReading[] {
  return [
    ...transducerReadings(text),
    ...acceptorReadings(text, named, columns),
    ...pairReadings(text, named, columns),
  ];
}

export function wrongRowsOf({ text, choice }: Request<'wrong rows'>): readonly WrongRow[] {
  switch (choice.kind) {
    case 'language model':
    case 'forecaster':
      return [];
    case 'acceptor':
      return wrongRowsOfTable(text, choice);
    case 'encoder-decoder':
      return wrongRowsOfPairs(text, choice);
    case 'transducer':
      return wrongLinesOfTags(text, choice);
  }
}
