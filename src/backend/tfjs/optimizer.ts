import * as tf from '@tensorflow/tfjs';
import type { Optimizer } from '../../language/options.ts';

/** The library's optimisers; the learning rate is set before each update. */
export function makeOptimizer(optimizer: Optimizer): tf.Optimizer {
  const rate = 0.001;
  switch (optimizer.kind) {
    case 'sgd':
      return tf.train.sgd(rate);
    case 'momentum':
    case 'nesterov':
      return tf.train.momentum(rate, optimizer.momentum, optimizer.kind === 'nesterov');
    case 'rmsprop':
      return tf.train.rmsprop(rate, optimizer.rho, 0, optimizer.epsilon);
    case 'adam':
    case 'adamw':
      return tf.train.adam(rate, optimizer.beta1, optimizer.beta2, optimizer.epsilon);
  }
}
