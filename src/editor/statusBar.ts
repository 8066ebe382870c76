import { type Disposable, l10n, MarkdownString, StatusBarAlignment, window } from 'vscode';
import { commands } from '../contributions.ts';
import type { RunSnapshot } from '../protocol/run.ts';
import { duration, number } from './format.ts';
import type { Runs } from './runs.ts';
import type { Suggestions } from './suggestions.ts';

/**
 * While a run is under way: how well, how fast, how long still. After it: how well it ended. Its hover says what has
 * become of the suggestions.
 */
export function createStatusBarItem(runs: Runs, suggestions: Suggestions): Disposable {
  const item = window.createStatusBarItem('unroll.status', StatusBarAlignment.Right, 100);
  item.name = 'Unroll';
  item.command = commands.showPanel;
  const update = () => {
    const { snapshot } = runs;
    if (!snapshot) return;
    item.text = text(snapshot) + (suggestions.paused ? ' $(circle-slash)' : '');
    const tooltip = new MarkdownString(undefined, true);
    tooltip.isTrusted = { enabledCommands: [commands.toggleSuggestions] };
    tooltip.appendText(l10n.t('Unroll: {0}. Select to show the training panel.', snapshot.title));
    tooltip.appendMarkdown(`\n\n${suggestions.summary}`);
    item.tooltip = tooltip;
    item.show();
  };
  const listeners = [runs.onDidUpdate(update), suggestions.onDidChange(update)];
  return {
    dispose: () => {
      for (const listener of listeners) listener.dispose();
      item.dispose();
    },
  };
}

function text({ status, progress, points }: RunSnapshot): string {
  switch (status.kind) {
    case 'starting':
      return '$(loading~spin) Unroll';
    case 'running': {
      const bits = points.steps.at(-1)?.loss;
      if (!progress || bits === undefined) return '$(loading~spin) Unroll';
      return [
        `$(loading~spin) ${l10n.t('loss {0}', (bits * Math.LN2).toFixed(2))}`,
        l10n.t('{0} bpc', bits.toFixed(2)),
        l10n.t('{0} tok/s', number(progress.tokensPerSecond)),
        ...(progress.secondsLeft === null ? [] : [l10n.t('{0} left', duration(progress.secondsLeft))]),
      ].join(' · ');
    }
    case 'paused':
      return `$(debug-pause) ${l10n.t('Unroll paused')}`;
    case 'ended':
      return `$(check) ${l10n.t('Unroll {0} bpc', (status.result.validationLoss ?? status.result.trainLoss).toFixed(2))}`;
    case 'failed':
      return '$(warning) Unroll';
  }
}
