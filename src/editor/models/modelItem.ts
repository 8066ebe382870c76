// Shows a model as an entry of the view.
import { basename } from 'node:path';
import { env, l10n, type MarkdownString, ThemeIcon, type TreeItem, Uri, workspace } from 'vscode';
import { commands as names } from '../../contributions.ts';
import { layersText } from '../../language/options/layers.ts';
import { capabilitiesOf } from '../../store/capabilities.ts';
import { heldOutOutcome } from '../../store/manifest.ts';
import { inFull, inShort } from '../text/metricText.ts';
import { number } from '../text/numberFormat.ts';
import { treeItem } from '../ui/items.ts';
import { join, markdown } from '../ui/markdown.ts';
import type { Choices, Use } from './choices.ts';
import { nameOf } from './modelName.ts';
import type { Model } from './models.ts';
import type { ModelsViewParts } from './modelsViewParts.ts';

export function modelItem(
  model: Model,
  { models, choices, front, overlay, training: { runs } }: ModelsViewParts,
): TreeItem {
  const { directory, manifest } = model;
  const { provenance, finished } = manifest;
  const capabilities = capabilitiesOf(manifest);
  const outcome = heldOutOutcome(manifest);
  const uses = choices.usesOf(directory);
  const live = runs.running && runs.directory === directory;
  const isElsewhere = !live && models.isTrained(directory);
  const completes = front.model?.directory === directory;
  // A narrow view cuts the end off.
  const description = [
    ...(isElsewhere ? [l10n.t('is being trained elsewhere')] : []),
    ...(finished || live || isElsewhere ? [] : [l10n.t('cut short')]),
    ...(outcome === null ? [] : [inShort(outcome)]),
    ...(completes ? [l10n.t('completes this file')] : []),
    layersOf(model),
    when(provenance.date),
    ...(provenance.imported ? [l10n.t('imported from {0}', basename(provenance.imported.folder))] : []),
    ...(uses.length > 0 ? [l10n.t('for {0}', uses.map(describeUse).join(', '))] : []),
    ...(overlay.has(directory) ? [l10n.t('compared')] : []),
  ].join(' · ');
  const item = treeItem(nameOf(model, choices), description);
  item.id = directory;
  item.tooltip = tooltip(model, choices);
  item.iconPath = new ThemeIcon(
    live || isElsewhere
      ? 'pulse'
      : completes
        ? 'star-full'
        : uses.length > 0
          ? 'check'
          : finished
            ? 'graph-line'
            : 'debug-pause',
  );
  item.contextValue = [
    'model',
    ...(provenance.uri === null ? [] : ['source']),
    // The part of a text that was trained on may have moved since.
    ...(provenance.uri?.includes('#') ? [] : ['whole']),
    ...(capabilities.has('suggest') ? ['suggest'] : []),
    ...(uses.length > 0 ? ['used'] : []),
    ...(capabilities.has('train again') && !live ? ['again'] : []),
  ].join(' ');
  item.command = { command: names.showRun, title: l10n.t('Show Run'), arguments: [model] };
  return item;
}

function layersOf({ manifest }: Model): string {
  return layersText(manifest.architecture.layers);
}

/** Formats a date; the date of today is left out. */
function when(date: string): string {
  const then = new Date(date);
  const today = then.toDateString() === new Date().toDateString();
  return then.toLocaleString(env.language, { ...(today ? {} : { dateStyle: 'short' }), timeStyle: 'short' });
}

function describeUse({ kind, what }: Use): string {
  return kind === 'file' ? workspace.asRelativePath(Uri.parse(what)) : what;
}

/** Formats what the model has come to on the held-out part, and whether its weights have learned that since. */
function validation({ manifest }: Model): string | null {
  const { learnedHeldOut, finished, provenance } = manifest;
  const outcome = heldOutOutcome(manifest);
  if (outcome === null) return null;
  const measured = inFull(outcome, 3);
  if (learnedHeldOut && provenance.imported)
    return l10n.t('{0}, measured after that text was learned too', measured);
  if (learnedHeldOut) return l10n.t('{0}, measured before that text was learned too', measured);
  // Older versions did not store whether a finished model had learned the held-out part.
  return learnedHeldOut === undefined && finished
    ? l10n.t('{0}, measured before that text may have been learned too', measured)
    : measured;
}

function tooltip(model: Model, choices: Choices): MarkdownString {
  const { provenance, parameters, step, tokens } = model.manifest;
  const rows: [name: string, value: string | null][] = [
    [l10n.t('Layers'), layersOf(model)],
    [l10n.t('Held-out text'), validation(model)],
    [l10n.t('Parameters'), parameters === undefined ? null : number(parameters)],
    [l10n.t('Tokens'), tokens?.kind ?? null],
    [
      l10n.t('Trained on'),
      l10n.t('{0} characters, to step {1}', number(provenance.characters), number(step)),
    ],
    [l10n.t('Date'), new Date(provenance.date).toLocaleString(env.language)],
    [l10n.t('Engine'), provenance.engine],
    [
      l10n.t('Imported from'),
      provenance.imported && `${provenance.imported.folder} (${provenance.imported.program})`,
    ],
  ];
  const lines = rows.flatMap(([name, value]) => (value === null ? [] : [markdown`| ${name} | ${value} |\n`]));
  const table = join(lines);
  return markdown`**${nameOf(model, choices)}** ${provenance.source}\n\n| | |\n|---|---|\n${table}`.string();
}
