import { type Disposable, l10n } from 'vscode';
import { commands } from '../../contributions.ts';
import { bitsPerCharacter, metricOf } from '../../protocol/metric.ts';
import { latestOutcome, measuresOf, outcomeOf } from '../../protocol/outcome.ts';
import type { RunSnapshot } from '../../protocol/run.ts';
import type { Runs } from '../runs/runs.ts';
import { inShort } from '../text/metricText.ts';
import { duration, number } from '../text/numberFormat.ts';
import { setStatus, statusBarItem } from '../ui/items.ts';
import { markdown } from '../ui/markdown.ts';
import type { Suggestions } from './suggestionState.ts';

/**
 * Creates the status bar item. During a run it shows loss, metric, speed and remaining time, and afterwards
 * what the run has come to. Its tooltip shows how many suggestions were shown and accepted.
 */
export function createStatusBarItem(runs: Runs, suggestions: Suggestions): Disposable {
  const item = statusBarItem('unroll.status', 100, 'Unroll');
  item.command = commands.showPanel;
  const update = () => {
    const { snapshot } = runs;
    if (!snapshot) return item.hide();
    const [icon, text] = iconAndText(snapshot);
    setStatus(item, [icon, ...(suggestions.paused ? ['circle-slash'] : [])], text);
    const title = l10n.t('Unroll: {0}. Select to show the training panel.', snapshot.title);
    item.tooltip = markdown`${title}\n\n${suggestions.summary}`.string({
      enabledCommands: [commands.toggleSuggestions],
    });
    item.show();
  };
  const listeners = [runs.onDidUpdate(update), runs.onDidDiscard(update), suggestions.onDidChange(update)];
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
      return ['loading~spin', 'Unroll'];
    case 'running': {
      if (!progress || snapshot.points.steps.length === 0) return ['loading~spin', 'Unroll'];
      const figures = [
        ...measured(snapshot),
        l10n.t('{0} tok/s', number(progress.tokensPerSecond)),
        ...(progress.secondsLeft === null ? [] : [l10n.t('{0} left', duration(progress.secondsLeft))]),
      ];
      return ['loading~spin', figures.join(' · ')];
    }
    case 'paused':
      return ['debug-pause', l10n.t('Unroll paused')];
    case 'ended': {
      const outcome = outcomeOf(snapshot);
      return ['check', outcome ? l10n.t('Unroll {0}', inShort(outcome)) : 'Unroll'];
    }
    case 'failed':
      return ['warning', 'Unroll'];
  }
}

/** Returns the latest training loss, and beside it what tells more: the metric, or bits where the loss is in bits. */
function measured(snapshot: RunSnapshot): string[] {
  const measures = measuresOf(snapshot);
  const loss = snapshot.points.steps.at(-1)!.loss;
  if (measures.lossUnit === bitsPerCharacter && !measures.metric)
    return [
      l10n.t('loss {0}', (loss * Math.LN2).toFixed(2)),
      inShort({ metric: metricOf(measures), value: loss }),
    ];
  const outcome = snapshot.points.validations.length > 0 ? latestOutcome(snapshot) : null;
  return [l10n.t('loss {0}', loss.toFixed(2)), ...(outcome ? [inShort(outcome)] : [])];
}
