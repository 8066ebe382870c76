import { type Disposable, l10n } from 'vscode';
import { commands } from '../../contributions.ts';
import { metricOf, writeValue } from '../../protocol/metric.ts';
import { latestOutcome, measuresOf, outcomeOf } from '../../protocol/outcome.ts';
import type { RunSnapshot } from '../../protocol/run.ts';
import { heldOutOutcome } from '../../store/manifest.ts';
import type { FrontModel } from '../models/frontModel.ts';
import type { Model } from '../models/models.ts';
import { momentOf } from '../runs/moment.ts';
import type { Runs } from '../runs/runs.ts';
import { inShort } from '../text/metricText.ts';
import { duration, number } from '../text/numberFormat.ts';
import { setStatus, statusBarItem } from '../ui/items.ts';
import { markdown } from '../ui/markdown.ts';
import type { Suggestions } from './suggestionState.ts';

/**
 * Creates the status bar item. During a run it shows metric, speed and remaining time, and otherwise what the model
 * that completes the text in front has come to. Its tooltip names that model, and shows how many suggestions were
 * shown and accepted.
 */
export function createStatusBarItem(runs: Runs, suggestions: Suggestions, front: FrontModel): Disposable {
  const item = statusBarItem('unroll.status', 100, 'Unroll');
  item.command = commands.showPanel;
  const update = () => {
    const { snapshot } = runs;
    const { model } = front;
    if (!snapshot && !model) return item.hide();
    const isOver = !snapshot || snapshot.status.kind === 'ended' || snapshot.status.kind === 'elsewhere';
    const [icon, text] = isOver ? completing(model, snapshot, runs.uri === front.uri) : iconAndText(snapshot);
    setStatus(item, [icon, ...(suggestions.paused ? ['circle-slash'] : [])], text);
    const title = [
      model
        ? l10n.t('This file is completed by the model trained on {0}.', model.manifest.provenance.source)
        : l10n.t('No model completes this file.'),
      l10n.t('Select to show the training panel.'),
    ].join(' ');
    item.tooltip = markdown`${title}\n\n${suggestions.summary}`.string({
      enabledCommands: [commands.toggleSuggestions],
    });
    item.show();
  };
  let followed = '';
  const follow = () => {
    const moment = momentOf(runs.snapshot);
    if (moment !== followed) update();
    followed = moment;
  };
  const listeners = [
    runs.onDidUpdate(follow),
    runs.onDidDiscard(update),
    suggestions.onDidChange(update),
    front.onDidChange(update),
  ];
  update();
  return {
    dispose: () => {
      for (const listener of listeners) listener.dispose();
      item.dispose();
    },
  };
}

function iconAndText(snapshot: RunSnapshot): [icon: string, text: string] {
  const { status, progress } = snapshot;
  switch (status.kind) {
    case 'starting':
      return ['pulse', 'Unroll'];
    case 'running': {
      if (!progress || snapshot.points.steps.length === 0) return ['pulse', 'Unroll'];
      const figures = [
        ...measured(snapshot),
        l10n.t('{0} tok/s', number(progress.tokensPerSecond)),
        ...(progress.secondsLeft === null ? [] : [l10n.t('{0} left', duration(progress.secondsLeft))]),
      ];
      return ['pulse', figures.join(' · ')];
    }
    case 'paused':
      return ['debug-pause', l10n.t('Unroll paused')];
    case 'ended':
    case 'elsewhere':
      return ['check', 'Unroll'];
    case 'failed':
      return ['warning', 'Unroll'];
  }
}

/**
 * Returns what is shown while no run is under way: the figure of the model that completes the text in front, which
 * is the run's own before its model has been read.
 */
function completing(
  model: Model | undefined,
  snapshot: RunSnapshot | null,
  isOfFront: boolean,
): [icon: string, text: string] {
  const outcome = model ? heldOutOutcome(model.manifest) : snapshot && isOfFront ? outcomeOf(snapshot) : null;
  return ['check', outcome ? l10n.t('Unroll {0}', inShort(outcome)) : 'Unroll'];
}

/** Returns the latest training loss, and beside it the metric, where a run is not judged by its loss. */
function measured(snapshot: RunSnapshot): string[] {
  const measures = measuresOf(snapshot);
  const loss = snapshot.points.steps.at(-1)!.loss;
  if (!measures.metric) return [inShort({ metric: metricOf(measures), value: loss })];
  const outcome = snapshot.points.validations.length > 0 ? latestOutcome(snapshot) : null;
  return [l10n.t('loss {0}', writeValue(loss)), ...(outcome ? [inShort(outcome)] : [])];
}
