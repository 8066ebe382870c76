// Measures what is reached without a network where a text is rewritten.
import type { Baseline } from '../../protocol/metric.ts';

/** A row with the text of its source and target. */
export interface TextPair {
  readonly text: string;
  readonly label: string;
}

/** One end of a text that is replaced, as a rule of lemmatisation is (Chrupała 2006). */
export interface EndEdit {
  readonly end: 'beginning' | 'ending';
  readonly removed: string;
  readonly added: string;
}

/** Returns the shares of the rows that are right when nothing is learned but one edit, and when not even that is. */
export function rewritingBaselines(train: readonly TextPair[], measured: readonly TextPair[]): Baseline[] {
  const share = (rewrite: (text: string) => string) =>
    measured.filter(({ text, label }) => rewrite(text) === label).length / measured.length;
  const edit = commonestEdit(train);
  return [
    { name: 'copying the source', value: share((text) => text.trim()) },
    ...(edit ? [{ name: 'commonest edit', value: share((text) => applyEdit(edit, text.trim())) }] : []),
  ];
}

/** Returns the edit of one end that makes most sources into their targets; null where none does so twice. */
export function commonestEdit(pairs: readonly TextPair[]): EndEdit | null {
  const counts = new Map<string, { readonly edit: EndEdit; count: number }>();
  for (const { text, label } of pairs)
    for (const edit of editsOf(text.trim(), label)) {
      const key = JSON.stringify([edit.end, edit.removed, edit.added]);
      const known = counts.get(key);
      if (known) known.count++;
      else counts.set(key, { edit, count: 1 });
    }
  const commonest = [...counts.values()].reduce((best, each) => (each.count > best.count ? each : best), {
    edit: null as EndEdit | null,
    count: 1,
  });
  return commonest.edit;
}

/** Returns a text with its ending or beginning replaced; a text that has another one stays as it is. */
export function applyEdit({ end, removed, added }: EndEdit, text: string): string {
  if (end === 'ending')
    return text.endsWith(removed) ? text.slice(0, text.length - removed.length) + added : text;
  return text.startsWith(removed) ? added + text.slice(removed.length) : text;
}

/** Returns the edits of the ending and of the beginning, of texts that share the rest. */
function editsOf(from: string, to: string): EndEdit[] {
  if (from === to) return [];
  const most = Math.min(from.length, to.length);
  let [first, last] = [0, 0];
  while (first < most && from[first] === to[first]) first++;
  while (last < most && from.at(-1 - last) === to.at(-1 - last)) last++;
  const edits: EndEdit[] = [];
  if (first > 0) edits.push({ end: 'ending', removed: from.slice(first), added: to.slice(first) });
  if (last > 0)
    edits.push({
      end: 'beginning',
      removed: from.slice(0, from.length - last),
      added: to.slice(0, to.length - last),
    });
  return edits;
}
