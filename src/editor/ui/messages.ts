// Messages and progress notifications. VS Code makes links of `[label](command:…)` in their texts, and a file may be
// named so: every message and every title goes through here, where nothing in it stays a link.
import { type CancellationToken, type Progress, ProgressLocation, window } from 'vscode';
import { shown } from '../../protocol/shownText.ts';

/** Each resolves to the action that was chosen, undefined where none was. */
export const say = {
  information: (message: string, ...actions: string[]) =>
    window.showInformationMessage(shown(message), ...actions),
  warning: (message: string, ...actions: string[]) => window.showWarningMessage(shown(message), ...actions),
  error: (message: string, ...actions: string[]) => window.showErrorMessage(shown(message), ...actions),
  /** A question that is answered before anything else happens. */
  ask: (message: string, detail: string, ...actions: string[]) =>
    window.showWarningMessage(shown(message), { modal: true, detail: shown(detail) }, ...actions),
};

export type Report = Progress<{ message?: string; increment?: number }>;

/** A notification with a Cancel button, as long as the task lasts. */
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
