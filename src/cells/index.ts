// The built-in cells, as text: a cell has no other form.

import additiveAttention from './additive-attention.rnn';
import antisymmetric from './antisymmetric.rnn';
import babylonian from './babylonian.rnn';
import bilinearAttention from './bilinear-attention.rnn';
import clockwork from './clockwork.rnn';
import decoderGru from './decoder-gru.rnn';
import decoderLstm from './decoder-lstm.rnn';
import dotAttention from './dot-attention.rnn';
import echoState from './echo-state.rnn';
import elman from './elman.rnn';
import elmanRelu from './elman-relu.rnn';
import elmanSigmoid from './elman-sigmoid.rnn';
import fastGrnn from './fast-grnn.rnn';
import feedForward from './feed-forward.rnn';
import gru from './gru.rnn';
import gruResetAfter from './gru-reset-after.rnn';
import hmm from './hmm.rnn';
import indRnn from './ind-rnn.rnn';
import irnn from './irnn.rnn';
import jordan from './jordan.rnn';
import kalman from './kalman.rnn';
import lru from './lru.rnn';
import lstm from './lstm.rnn';
import lstm1997 from './lstm-1997.rnn';
import lstmPeephole from './lstm-peephole.rnn';
import mgu from './mgu.rnn';
import minGru from './min-gru.rnn';
import minLstm from './min-lstm.rnn';
import multiplicativeLstm from './multiplicative-lstm.rnn';
import qrnn from './qrnn.rnn';
import recurrentHighway from './recurrent-highway.rnn';
import scrn from './scrn.rnn';
import selectiveStateSpace from './selective-state-space.rnn';
import sru from './sru.rnn';
import stateAttention from './state-attention.rnn';
import ugrnn from './ugrnn.rnn';

export interface BuiltinCell {
  readonly name: string;
  /** The year in which it was published. */
  readonly year: number;
  readonly text: string;
}

export type CellFamily =
  | 'long short-term memory'
  | 'gated units'
  | 'simple recurrent networks'
  | 'linear recurrences'
  | 'windows and attention'
  | 'decoders'
  | 'probabilities'
  | 'reservoirs'
  | 'without parameters';

const cell = (name: string, year: number, text: string): BuiltinCell => ({ name, year, text });

/** The built-in cells by family, in each the usual one first and then by year. */
export const cellFamilies: Readonly<Record<CellFamily, readonly BuiltinCell[]>> = {
  'long short-term memory': [
    cell('LSTM', 2000, lstm),
    cell('LSTM1997', 1997, lstm1997),
    cell('PeepholeLSTM', 2002, lstmPeephole),
    cell('MultiplicativeLSTM', 2016, multiplicativeLstm),
  ],
  'gated units': [
    cell('GRU', 2014, gru),
    cell('ResetAfterGRU', 2014, gruResetAfter),
    cell('MGU', 2016, mgu),
    cell('RecurrentHighway', 2017, recurrentHighway),
    cell('UGRNN', 2017, ugrnn),
    cell('FastGRNN', 2018, fastGrnn),
  ],
  'simple recurrent networks': [
    cell('Elman', 1990, elman),
    cell('Jordan', 1986, jordan),
    cell('ElmanSigmoid', 1990, elmanSigmoid),
    cell('ElmanReLU', 1990, elmanRelu),
    cell('Clockwork', 2014, clockwork),
    cell('IRNN', 2015, irnn),
    cell('SCRN', 2015, scrn),
    cell('IndRNN', 2018, indRnn),
    cell('Antisymmetric', 2019, antisymmetric),
  ],
  'linear recurrences': [
    cell('QRNN', 2017, qrnn),
    cell('SRU', 2018, sru),
    cell('LRU', 2023, lru),
    cell('SelectiveStateSpace', 2023, selectiveStateSpace),
    cell('MinGRU', 2024, minGru),
    cell('MinLSTM', 2024, minLstm),
  ],
  'windows and attention': [
    cell('FeedForward', 2003, feedForward),
    cell('StateAttention', 2016, stateAttention),
  ],
  decoders: [
    cell('AdditiveAttention', 2015, additiveAttention),
    cell('DecoderGRU', 2014, decoderGru),
    cell('DecoderLSTM', 2014, decoderLstm),
    cell('BilinearAttention', 2015, bilinearAttention),
    cell('DotAttention', 2015, dotAttention),
  ],
  probabilities: [cell('HMM', 1966, hmm), cell('Kalman', 1960, kalman)],
  reservoirs: [cell('EchoState', 2001, echoState)],
  'without parameters': [cell('Babylonian', 60, babylonian)],
};

const byName = (cells: readonly BuiltinCell[]): ReadonlyMap<string, string> =>
  new Map(cells.map(({ name, text }) => [name, text] as const));

/** The text of each built-in cell, by the cell's name. */
export const builtinCells = byName(Object.values(cellFamilies).flat());

/** Those that read no encoder, which a layer of any network can have. */
export const cellsWithoutEncoder = byName(
  Object.entries(cellFamilies).flatMap(([family, cells]) => (family === 'decoders' ? [] : cells)),
);
