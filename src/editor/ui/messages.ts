// Shows messages and progress notifications. VS Code turns `[label](command:…)` in their texts into links,
// and a file may have such a name, so every message and title is escaped here.
import { type CancellationToken, type Progress, ProgressLocation, window } from 'vscode';
import { shown } from '../../protocol/shownText.ts';

/** The messages; each resolves to the action that was chosen, or to undefined if none was. */
export const say = {
  information: (message: string, ...actions: string[]) =>
    window.showInformationMessage(shown(message), ...actions),
  warning: (message: string, ...actions: string[]) => window.showWarningMessage(shown(message), ...actions),
  error: (message: string, ...actions: string[]) => window.showErrorMessage(shown(message), ...actions),
  /** Shows a modal question, which has to be answered before anything else. */
  ask: (message: string, detail: string, ...actions: string[]) =>
    window.showWarningMessage(shown(message), { modal: true, detail: shown(detail) }, ...actions),
};

export type Report = Progress<{ message?: string; increment?: number }>;

/** Shows a notification with a Cancel button during the task. */
export function withProgress<Result>(
  title: string,
  task: (progress: Report, token: CancellationToken) => Thenable<Result>,
): Thenable<Result> {
  return window.withProgress(
    { location: ProgressLocation.Notification, title: shown(title), cancellable: true },
    (progress, token) =>
      task(
        {
          report: ({ message, ...rest }) =>
            progress.report({ ...rest, ...(message === undefined ? {} : { message: shown(message) }) }),
        },
        token,
      ),
  );
}

/**
 * Returns a function that reports the share that is done, in [0, 1], and a message: another message at once, and the share
 * alone when it has grown by a hundredth. A notification moves its bar for a moment after each report, so that reports
 * ten times a second would keep the window drawing.
 */
export function throttled(progress: Report): (share: number, message: string) => void {
  let shown = 0;
  let said = '';
  return (share, message) => {
    if (message === said && share - shown < 0.01) return;
    progress.report({ increment: 100 * (share - shown), message });
    shown = share;
    said = message;
  };
}
