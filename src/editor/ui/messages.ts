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
