// Checks that cells which read from an encoder are layers of a decoder, where a file says what its network is for.

import { layerWords } from '../options/layers.ts';
import { type Fix, insert, type Range, type Report, replace } from '../syntax/source.ts';
import type { SettingsSection, SourceFile } from '../syntax/syntax.ts';
import type { Scope } from './checkCell.ts';

/** Reports cells that read `given` or `m[s]` where nothing is given. */
export function checkDecoders({ sections }: SourceFile, scopes: readonly Scope[], report: Report): void {
  const find = (kind: SettingsSection['kind']) =>
    sections.find((section): section is SettingsSection => section.kind === kind);
  const decoders = new Set(
    scopes.flatMap(({ cell }) => (cell && (cell.readsGiven || cell.readsPositions) ? [cell.name] : [])),
  );
  const named = (option: string): { name: string; range: Range }[] =>
    (find('model')?.settings.find(({ name }) => name.text === option)?.items ?? []).flatMap((item) => {
      const [cell] = layerWords(item).words;
      return cell?.kind === 'name' && decoders.has(cell.text) ? [{ name: cell.text, range: cell.range }] : [];
    });
  for (const { name, range } of named('encoder'))
    report.error(range, `\`${name}\` reads from an encoder, and stands in one: name it in \`layers\`.`);
  const task = find('task');
  if (!task) return;
  const kind = task.settings.find((setting) => setting.name.text === 'kind')?.items[0]?.[0];
  if (kind?.text === 'encoder-decoder') return;
  const last = scopes.at(-1);
  const hasLayers = find('model')?.settings.some((setting) => setting.name.text === 'layers');
  const lost =
    hasLayers || !last?.cell || !decoders.has(last.cell.name)
      ? named('layers')
      : [{ name: last.cell.name, range: last.section.name.range }];
  const fix: Fix = kind
    ? replace(kind.range, 'encoder-decoder')
    : insert(task.header.to, '\n  kind = encoder-decoder', 'Insert `kind = encoder-decoder`');
  for (const { name, range } of lost) {
    const message = `\`${name}\` reads from an encoder, and a network of the kind \`${kind?.text ?? 'acceptor'}\` has none: an encoder-decoder has.`;
    report.error(range, message, fix);
  }
}
