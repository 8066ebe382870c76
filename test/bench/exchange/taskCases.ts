// A network of each task, with the text that it learns: what every format that is exchanged has to hold.
import { readFileSync } from 'node:fs';
import type { TaskChoice } from '../../../src/protocol/task.ts';
import { tagged } from '../../data/columns/tagged.ts';
import { largest, many, pairs, seriesText, sized, table, waits } from '../../worker/tasks.ts';
import { trainRequest } from '../../worker/trained.ts';

export interface Case {
  readonly text: string;
  readonly task: TaskChoice;
  readonly layers: string;
  readonly definition?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

const named = { reads: null, writes: null, heldOut: null } as const;
const acceptor = { text: table, task: { kind: 'acceptor', ...named } } as const;
const regressor = { text: waits, task: { kind: 'regressor', ...named } } as const;
const transducer = { text: tagged(120, 1), task: { kind: 'transducer', ...named } } as const;
const forecaster = {
  text: seriesText,
  task: { kind: 'forecaster', reads: null, writes: null },
  more: { 'model.embedding': 0, 'train.k1': 20, 'train.k2': 20 },
} as const;

/** A cell with all that can be said of positions. */
const positions = readFileSync(new URL('../../export/pytorch/cases/positions.rnn', import.meta.url), 'utf8');
const rewriting = {
  text: pairs,
  task: { kind: 'encoder-decoder', reads: ['text'], writes: 'short', heldOut: null },
} as const;
const encoderDecoder = (encoder: string, layers: string, more?: Case['more']): Case => ({
  ...rewriting,
  layers,
  more: { 'model.encoder': encoder, ...more },
});

export const cases: Readonly<Record<string, Case>> = {
  'acceptor, both GRU, maximum': { ...acceptor, layers: 'both GRU 8' },
  'acceptor, LSTM and MGU both ways, mean': {
    ...acceptor,
    layers: 'both LSTM 6, both MGU 5',
    more: { 'model.pool': 'mean', 'train.classWeights': 'balanced' },
  },
  'acceptor, one-hot, last': {
    ...acceptor,
    layers: 'GRU 9',
    more: { 'model.pool': 'last', 'model.embedding': 0, 'model.dropout': 0.2 },
  },
  'regressor, both GRU, maximum': { ...regressor, layers: 'both GRU 8' },
  'regressor, LSTM and MGU, mean': {
    ...regressor,
    layers: 'LSTM 6, MGU 5',
    more: { 'model.pool': 'mean', 'model.dropout': 0.1 },
  },
  'regressor of numbers, GRU, last': { ...regressor, text: largest, layers: 'GRU 8' },
  'regressor of numbers, Jordan': {
    ...{ ...regressor, text: largest, layers: 'Jordan 8' },
    more: { 'model.pool': 'last' },
  },
  'transducer, both LSTM': { ...transducer, layers: 'both LSTM 8' },
  'transducer, Jordan': { ...transducer, layers: 'Jordan 8' },
  'encoder-decoder, DecoderGRU': encoderDecoder('GRU 7', 'DecoderGRU 8'),
  'encoder-decoder, DecoderLSTM, one-hot': encoderDecoder('both LSTM 5', 'DecoderLSTM 8', {
    'model.embedding': 0,
  }),
  'encoder-decoder, additive attention': encoderDecoder('both GRU 5', 'AdditiveAttention 8, LSTM 7', {
    'model.dropout': 0.1,
  }),
  'encoder-decoder, bilinear attention': encoderDecoder('both GRU 4, both MGU 5', 'BilinearAttention 8'),
  'encoder-decoder, dot attention': encoderDecoder('both ResetAfterGRU 4', 'DotAttention 8'),
  'encoder-decoder, Jordan over attention': encoderDecoder('both GRU 5', 'AdditiveAttention 8, Jordan 6', {
    'train.scheduledSampling': 0.3,
  }),
  'encoder-decoder, positions': {
    ...encoderDecoder('both GRU 5', 'Positions 8'),
    definition: positions,
  },
  'one-to-many, DecoderLSTM': {
    text: many,
    task: { kind: 'encoder-decoder', reads: ['kind'], writes: 'name', heldOut: null },
    layers: 'DecoderLSTM 8',
  },
  'texts for numbers, DecoderGRU': {
    text: sized,
    task: { kind: 'encoder-decoder', ...named },
    layers: 'DecoderGRU 8',
  },
  'forecaster, GRU': { ...forecaster, layers: 'GRU 8, LSTM 6' },
  'forecaster, Jordan': { ...forecaster, layers: 'Jordan 8' },
};

/** The names of the cases that are asked for. */
export const chosenCases = (only: readonly string[] | null): (readonly [string, Case])[] =>
  Object.entries(cases).filter(
    ([name, { task }]) => !only || ['tasks', task.kind, name].some((each) => only.includes(each)),
  );

/** Returns a short run of a case. @param directory the folder of the model */
export function requestOf({ text, task, layers, more, definition }: Case, directory: string) {
  const settings = {
    ...{ 'model.layers': layers, 'model.embedding': 6, 'train.epochs': 2, 'train.batch': 8 },
    ...more,
  };
  return trainRequest(text, directory, settings, { task, ...(definition !== undefined && { definition }) });
}
