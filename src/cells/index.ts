// The built-in cells, as text: a cell has no other form.

import babylonian from './babylonian.rnn';
import echoState from './echo-state.rnn';
import elman from './elman.rnn';
import elmanRelu from './elman-relu.rnn';
import elmanSigmoid from './elman-sigmoid.rnn';
import gru from './gru.rnn';
import gruResetAfter from './gru-reset-after.rnn';
import irnn from './irnn.rnn';
import jordan from './jordan.rnn';
import lstm from './lstm.rnn';
import lstm1997 from './lstm-1997.rnn';
import lstmPeephole from './lstm-peephole.rnn';
import mgu from './mgu.rnn';

/** The text of each built-in cell, by the cell's name. */
export const builtinCells: ReadonlyMap<string, string> = new Map([
  ['LSTM', lstm],
  ['GRU', gru],
  ['ResetAfterGRU', gruResetAfter],
  ['Elman', elman],
  ['ElmanSigmoid', elmanSigmoid],
  ['ElmanReLU', elmanRelu],
  ['IRNN', irnn],
  ['Jordan', jordan],
  ['LSTM1997', lstm1997],
  ['PeepholeLSTM', lstmPeephole],
  ['MGU', mgu],
  ['EchoState', echoState],
  ['Babylonian', babylonian],
]);
