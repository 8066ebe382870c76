// Names the tags of the tokens of any text: one in the format that the model was trained on, or prose, which is split
// into sentences and tokens.
import type { Sentence, TaggedToken } from '../../data/columns/taggedText.ts';
import type { Passage, RankedTag, TagSpans, TokenTags } from '../../protocol/inspector.ts';
import type { StoredTagging } from '../../protocol/task.ts';
import type { Transducer } from './open.ts';
import { sentencesOf } from './passageSentences.ts';

/** The number of tags that are named. */
const named = 4;

/** The most tokens of a sentence of prose, whose end may not be found. */
const longest = 100;

/** Returns the tags of the tokens that begin in a passage. */
export function tagsOf(
  transducer: Transducer,
  tagging: StoredTagging,
  { text, from, to }: Omit<Passage, 'key'>,
): TagSpans {
  // A passage that begins within a document may begin within a line, which is not read then.
  const start = from === 0 ? 0 : text.lastIndexOf('\n', from - 1) < 0 ? 0 : text.indexOf('\n') + 1;
  const read = text.slice(start);
  const { sentences, problem } = sentencesOf(read, tagging);
  const found = problem === null ? sentences : proseSentences(read);
  const lines = lineStarts(read);
  const ranked = transducer.rank(found);
  const tokens = found.flatMap((sentence, index) =>
    sentence.map((token, number) => ({
      token,
      at: start + lines[token.span.line - 1] + token.from,
      ranked: ranked[index][number],
    })),
  );
  const offsets: number[] = [from];
  const tags: (TokenTags | null)[] = [];
  const indices = new Map(tagging.classes.map((tag, index) => [tag, index]));
  const add = (end: number, value: TokenTags | null) => {
    offsets.push(end);
    tags.push(value);
  };
  for (const { token, at, ranked } of tokens) {
    if (at < offsets.at(-1)! || at >= to) continue;
    if (at > offsets.at(-1)!) add(at, null);
    const best = ranked
      .slice(0, named)
      .map(({ label, probability }): RankedTag => ({ tag: label, index: indices.get(label)!, probability }));
    add(at + token.form.length, { ranked: best, given: token.tag });
  }
  return { offsets: Int32Array.from(offsets), tags };
}

/** Words with what joins their parts, and single marks. */
const words = /[\p{L}\p{M}\p{N}]+(?:['’.,-][\p{L}\p{M}\p{N}]+)*|[^\s\p{L}\p{M}\p{N}]/gu;

/** Splits prose into sentences, which end with a mark or a blank line, and these into words and marks. */
function proseSentences(text: string): Sentence[] {
  const sentences: TaggedToken[][] = [[]];
  const end = () => {
    if (sentences.at(-1)!.length > 0) sentences.push([]);
  };
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') end();
    for (const { 0: form, index: from } of line.matchAll(words)) {
      const to = from + form.length;
      sentences.at(-1)!.push({ form, from, tag: null, span: { line: index + 1, from: to, to, before: '' } });
      if (/^[.!?]$/.test(form) || sentences.at(-1)!.length >= longest) end();
    }
  }
  return sentences.filter(({ length }) => length > 0);
}

/** Returns the offset at which each line begins. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
