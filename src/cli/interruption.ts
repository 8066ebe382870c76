import { say } from './say.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** The exit code of a program that Ctrl+C has ended, as shells have it. */
const exitCode = 130;

/**
 * Does work that Ctrl+C and SIGTERM end with a sentence.
 * @param cleanUp is called when the work is over, however it ends
 */
export async function interruptible(
  sentence: string,
  cleanUp: () => void,
  work: () => Promise<void>,
): Promise<void> {
  const end = () => {
    cleanUp();
    say(`unroll: ${sentence}`);
    process.exit(exitCode);
  };
  for (const signal of signals) process.once(signal, end);
  try {
    await work();
  } finally {
    for (const signal of signals) process.off(signal, end);
    cleanUp();
  }
}
