// Understands a document as the data of each task that is trained on rows.
import type { DataReading, RowsRequest, WrongRow } from '../protocol/rows.ts';
import { acceptorReadings } from '../tasks/acceptor/readings.ts';
import { wrongRowsOfTable } from '../tasks/acceptor/wrongRows.ts';
import { pairReadings, wrongRowsOfPairs } from '../tasks/encoderDecoder/readings.ts';
import { forecasterReadings } from '../tasks/forecaster/readings.ts';
import { regressorReadings } from '../tasks/regressor/readings.ts';
import { wrongRowsOfNumbers } from '../tasks/regressor/wrongRows.ts';
import { transducerReadings, wrongLinesOfTags } from '../tasks/transducer/readings.ts';

type Request<Kind extends RowsRequest['kind']> = Extract<RowsRequest, { readonly kind: Kind }>;

/** Returns how a document is understood, the likeliest way first. */
export function readingsOf({ text, named, columns }: Request<'readings'>): readonly DataReading[] {
  const series = forecasterReadings(text, named, columns);
  const of = (isAll: boolean) =>
    series.flatMap(({ isAllNumbers, ...reading }) => (isAllNumbers === isAll ? [reading] : []));
  return [
    ...of(true),
    ...transducerReadings(text),
    ...acceptorReadings(text, named, columns),
    ...regressorReadings(text, named, columns),
    ...pairReadings(text, named, columns),
    ...of(false),
  ];
}

export function wrongRowsOf({ text, choice }: Request<'wrong rows'>): readonly WrongRow[] {
  switch (choice.kind) {
    case 'language model':
    case 'forecaster':
      return [];
    case 'acceptor':
      return wrongRowsOfTable(text, choice);
    case 'regressor':
      return wrongRowsOfNumbers(text, choice);
    case 'encoder-decoder':
      return wrongRowsOfPairs(text, choice);
    case 'transducer':
      return wrongLinesOfTags(text, choice);
  }
}
