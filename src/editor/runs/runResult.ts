// Says what a run has come to, in a notification.
import { type ConfigurationScope, commands, l10n } from 'vscode';
import { commands as names } from '../../contributions.ts';
import { type LearningCurve, wouldMoreHelp, writeCurveValue } from '../../protocol/learningCurve.ts';
import { measuresOf, resultOutcome } from '../../protocol/outcome.ts';
import type { RunStart, RunStatus } from '../../protocol/run.ts';
import { inFull } from '../text/metricText.ts';
import { number } from '../text/numberFormat.ts';
import { suggestionText } from '../text/suggestionText.ts';
import { say } from '../ui/messages.ts';

/**
 * @param start what the run has said at its start; null where it has not come so far
 * @param scope the text; null where it is not known
 */
export function sayResult(
  status: RunStatus,
  start: RunStart | null,
  title: string,
  scope: ConfigurationScope | null,
): void {
  if (status.kind === 'failed') void say.error(status.message);
  if (status.kind !== 'ended') return;
  const { validationLoss, characters, forecast, learningCurve } = status.result;
  const measured = inFull(resultOutcome(measuresOf({ start }), status.result));
  if (start?.task === 'forecaster') {
    // The held-out rows are forecast where all columns that are read are predicted too.
    const how = forecast ? 'suggest rows' : 'forecast';
    void say.information(`${trainedOnRows(title, measured)} ${suggestionText(how, scope)}`);
  } else if (start?.rows) {
    const said = `${trainedOnRows(title, measured)} ${suggestionText('fill', scope)}`;
    sayTrainedOnRows(learningCurve ? `${said} ${moreRows(learningCurve)}` : said);
  } else {
    const trained =
      validationLoss === null
        ? l10n.t(
            'Trained on {0}: {1} on that text after {2} characters.',
            title,
            measured,
            number(characters),
          )
        : l10n.t(
            'Trained on {0}: {1} on its held-out part after {2} characters.',
            title,
            measured,
            number(characters),
          );
    const how = start?.direction === 'backward' ? null : 'suggest';
    void say.information(`${trained} ${suggestionText(how, scope)}`);
  }
}

const trainedOnRows = (title: string, measured: string): string =>
  l10n.t('Trained on {0}: {1}.', title, measured);

/** Says what a run on rows has come to, and offers to fill in those that are empty. */
function sayTrainedOnRows(said: string): void {
  const fill = l10n.t('Fill Column');
  void say.information(said, fill).then((answer) => answer && commands.executeCommand(names.fillColumn));
}

/** Says whether more rows with labels would help. */
const moreRows = (curve: LearningCurve): string =>
  wouldMoreHelp(curve)
    ? l10n.t('Twice as many rows are to bring about {0}.', writeCurveValue(curve, curve.expected.value))
    : l10n.t('More rows like these would hardly help.');
