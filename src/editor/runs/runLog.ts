// Logs the start and the result of each run.
import type { Disposable, LogOutputChannel } from 'vscode';
import type { RunSnapshot } from '../../protocol/run.ts';
import type { Diary } from '../report/diary.ts';
import type { Runs } from './runs.ts';

export function logRuns(runs: Runs, log: LogOutputChannel, diary: Diary): Disposable {
  let last: RunSnapshot['status']['kind'] | null = null;
  return runs.onDidUpdate(({ snapshot: { title, status, start, progress } }) => {
    const before = last;
    last = status.kind;
    // An earlier run that is only shown is not logged.
    if (status.kind === before || !runs.live) return;
    switch (status.kind) {
      case 'running':
        log.info(
          `Training on ${title}: ${start?.engine}${start?.engineReason === undefined ? '' : ` (${start.engineReason})`}, ${start?.parameters} parameters`,
        );
        if (start?.fallback) log.warn(start.fallback);
        return;
      case 'ended':
        log.info(
          `Trained on ${title}: ${status.result.end}, ${Math.round(status.result.tokensPerSecond)} tokens/s`,
        );
        return;
      case 'failed':
        return diary.problem('training', `The training on ${title} failed: ${status.message}`);
      default:
        log.debug(`Training on ${title}: ${status.kind} at step ${progress?.step ?? 0}`);
    }
  });
}
