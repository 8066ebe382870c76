import type { TrainOptions } from '../language/options/options.ts';

/**
 * Returns the share of the dropout rate that applies in an update, in [0, 1]. A schedule that rises begins without
 * dropout (Morerio et al. 2017): the share is then that of the tokens read so far which had been read before, since what
 * is read for the first time cannot have been memorised.
 * @param epoch the number of passes through the training part so far, with its fraction
 */
export const dropoutShare = (
  { dropoutSchedule }: Pick<TrainOptions, 'dropoutSchedule'>,
  epoch: number,
): number => (dropoutSchedule === 'constant' ? 1 : 1 - 1 / Math.max(1, epoch));
