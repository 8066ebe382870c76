/** The functions of model.py that combine the values at all positions of a source. */
export const overPositions = { softmax: 'softmax_over_s', sum: 'sum_over_s' } as const;
