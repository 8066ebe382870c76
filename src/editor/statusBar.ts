import { type Disposable, MarkdownString, StatusBarAlignment, window } from 'vscode';
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
    tooltip.appendText(`Unroll: ${snapshot.title}. Select to show the training panel.`);
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
        `$(loading~spin) loss ${(bits * Math.LN2).toFixed(2)}`,
        `${bits.toFixed(2)} bpc`,
        `${number(progress.tokensPerSecond)} tok/s`,
        ...(progress.secondsLeft === null ? [] : [`${duration(progress.secondsLeft)} left`]),
      ].join(' · ');
    }
    case 'paused':
      return '$(debug-pause) Unroll paused';
    case 'ended':
      return `$(check) Unroll ${(status.result.validationLoss ?? status.result.trainLoss).toFixed(2)} bpc`;
    case 'failed':
      return '$(warning) Unroll';
  }
}
