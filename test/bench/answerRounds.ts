// Contenders that train with this extension's engine warm up, print 'ready', and then, for each number of milliseconds on
// standard input, train for that long and print tokens per second.
import { createInterface } from 'node:readline';

/**
 * @param step trains once, and returns the number of its tokens
 * @param warmup the milliseconds until the engine's code is compiled for the second time and the threads have started
 * @param more is printed with every round
 */
export async function answerRounds(
  step: () => number,
  warmup: number,
  more: () => Readonly<Record<string, unknown>>,
): Promise<void> {
  const warm = performance.now() + warmup;
  while (performance.now() < warm) step();
  process.stdout.write('ready\n');
  for await (const milliseconds of createInterface({ input: process.stdin })) {
    const from = performance.now();
    const cpu = process.cpuUsage();
    let tokens = 0;
    while (performance.now() - from < Number(milliseconds)) tokens += step();
    const { user, system } = process.cpuUsage(cpu);
    const rates = {
      tokensPerSecond: (1000 * tokens) / (performance.now() - from),
      tokensPerCpuSecond: (tokens * 1e6) / (user + system),
    };
    process.stdout.write(`${JSON.stringify({ ...rates, ...more() })}\n`);
  }
}
