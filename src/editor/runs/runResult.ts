// Says what a run has come to, in a notification.
import { commands, l10n } from 'vscode';
import { commands as names } from '../../contributions.ts';
import { type LearningCurve, wouldMoreHelp, writeCurveValue } from '../../protocol/learningCurve.ts';
import { measuresOf, resultOutcome } from '../../protocol/outcome.ts';
import type { RunStart, RunStatus } from '../../protocol/run.ts';
import { inFull } from '../text/metricText.ts';
import { number } from '../text/numberFormat.ts';
import { say } from '../ui/messages.ts';

/** @param start what the run has said at its start; null where it has not come so far */
export function sayResult(status: RunStatus, start: RunStart | null, title: string): void {
  if (status.kind === 'failed') void say.error(status.message);
  if (status.kind !== 'ended') return;
  const { validationLoss, characters, forecast, learningCurve } = status.result;
  const measured = inFull(resultOutcome(measuresOf({ start }), status.result));
  if (forecast)
    void say.information(
      l10n.t('Trained on {0}: {1}. The next rows are suggested at the end of the file.', title, measured),
    );
  else if (start?.rows) sayTrainedOnRows(title, measured, learningCurve);
  else
    void say.information(
      validationLoss === null
        ? l10n.t(
            'Trained on {0}: {1} on that text after {2} characters. Suggestions appear as you type.',
            title,
            measured,
            number(characters),
          )
        : l10n.t(
            'Trained on {0}: {1} on its held-out part after {2} characters. Suggestions appear as you type.',
            title,
            measured,
            number(characters),
          ),
    );
}

/** Says what a run on rows has come to, and offers to fill in those that are empty. */
function sayTrainedOnRows(title: string, measured: string, curve: LearningCurve | undefined): void {
  const fill = l10n.t('Fill Column');
  const said = l10n.t(
    'Trained on {0}: {1}. What is missing in a row is suggested where the cursor is.',
    title,
    measured,
  );
  void say
    .information(curve ? `${said} ${moreRows(curve)}` : said, fill)
    .then((answer) => answer && commands.executeCommand(names.fillColumn));
}

/** Says whether more rows with labels would help. */
const moreRows = (curve: LearningCurve): string =>
  wouldMoreHelp(curve)
    ? l10n.t('Twice as many rows are to bring about {0}.', writeCurveValue(curve, curve.expected.value))
    : l10n.t('More rows like these would hardly help.');
