import type { Teach } from '../language/options/options.ts';

/**
 * Returns the number of steps at the end of a row whose losses count.
 * @param teach what was chosen; null lets the task choose
 * @param usual the number that the task chooses
 */
export const stepsTaught = (teach: Teach | null, usual: number): number =>
  teach === null ? usual : teach === 'every step' ? Number.POSITIVE_INFINITY : teach;
