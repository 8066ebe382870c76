import { visible } from '../protocol/shownText.ts';

/** A line on standard error. A file may be called anything: nothing in it moves the cursor or hides what follows. */
export const say = (line: string): void => void process.stderr.write(`${visible(line)}\n`);
