import { visible } from '../protocol/shownText.ts';

/**
 * Writes a line to standard error. Names of files are untrusted: nothing in the line moves the cursor or
 * hides what follows.
 */
export const say = (line: string): void => void process.stderr.write(`${visible(line)}\n`);
