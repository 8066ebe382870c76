import { type Disposable, l10n } from 'vscode';
import { commands } from '../../contributions.ts';
import type { RunSnapshot } from '../../protocol/run.ts';
import type { Runs } from '../runs/runs.ts';
import { duration, number } from '../text/numberFormat.ts';
import { setStatus, statusBarItem } from '../ui/items.ts';
import { markdown } from '../ui/markdown.ts';
import type { Suggestions } from './suggestionState.ts';

/**
 * Creates the status bar item. During a run it shows loss, speed and remaining time, and afterwards the final
 * loss. Its tooltip shows how many suggestions were shown and accepted.
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

function iconAndText({ status, progress, points }: RunSnapshot): [icon: string, text: string] {
  switch (status.kind) {
    case 'starting':
      return ['loading~spin', 'Unroll'];
    case 'running': {
      const bits = points.steps.at(-1)?.loss;
      if (!progress || bits === undefined) return ['loading~spin', 'Unroll'];
      const figures = [
        l10n.t('loss {0}', (bits * Math.LN2).toFixed(2)),
        l10n.t('{0} bpc', bits.toFixed(2)),
        l10n.t('{0} tok/s', number(progress.tokensPerSecond)),
        ...(progress.secondsLeft === null ? [] : [l10n.t('{0} left', duration(progress.secondsLeft))]),
      ];
      return ['loading~spin', figures.join(' · ')];
    }
    case 'paused':
      return ['debug-pause', l10n.t('Unroll paused')];
    case 'ended': {
      const { validationLoss, trainLoss } = status.result;
      return ['check', l10n.t('Unroll {0} bpc', (validationLoss ?? trainLoss).toFixed(2))];
    }
    case 'failed':
      return ['warning', 'Unroll'];
  }
}
