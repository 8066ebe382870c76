// Draws what an encoder-decoder writes for a source, again and again.
import type { Engine } from '../backend/engine.ts';
import type { SampleOptions } from '../completion/decoding/sampling.ts';
import { Problem } from '../protocol/problem.ts';
import type { StoredEncoderDecoder } from '../store/modelFolder.ts';
import { openEncoderDecoder } from '../tasks/encoderDecoder/open.ts';

/** The number of categories that are named. */
const named = 12;

/**
 * @param source the category, the numbers, or the text to rewrite
 * @throws Problem when the model cannot read the source
 */
export function* drawTargets(
  engine: Engine,
  { pairs, ...stored }: StoredEncoderDecoder,
  source: string,
  { length, ...drawing }: SampleOptions,
): Generator<string> {
  const model = openEncoderDecoder(engine, { ...stored, longest: pairs.longest });
  // A table has tabs between numbers, and whoever types has spaces.
  const isNumeric = stored.vocabularies.source.kind === 'numbers';
  const read = isNumeric ? source.trim().replaceAll(/[\s;]+/g, '\t') : source;
  for (let written = 0; written < length; ) {
    const drawn = model.draw(read, drawing);
    if (!drawn) throw new Problem(unread(stored.vocabularies.source, source));
    yield drawn.text;
    written += drawn.text.length + 1;
  }
  model.dispose();
}

function unread(tokens: StoredEncoderDecoder['vocabularies']['source'], source: string): string {
  if (tokens.kind === 'characters')
    return 'Say what is to be rewritten: --prompt TEXT, of at most 400 characters.';
  if (tokens.kind === 'numbers') {
    const count = tokens.standardisation.length;
    const wanted = count === 1 ? 'a number' : `${count} numbers with spaces between them`;
    return `This model writes texts for ${wanted}, as in the columns that it was trained on${source.trim() === '' ? '' : `, and \`${source}\` is something else`}: say them with --prompt.`;
  }
  const said = source.trim() === '' ? 'It is not said for which one' : `\`${source}\` is none of them`;
  const { categories } = tokens;
  const some = categories.slice(0, named).map((each) => `\`${each}\``);
  const others = categories.length > named ? ` and ${categories.length - named} others` : '';
  return `This model writes texts for ${some.join(', ')}${others}. ${said}: name one with --prompt.`;
}
