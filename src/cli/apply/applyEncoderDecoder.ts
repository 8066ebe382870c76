import type { Engine } from '../../backend/engine.ts';
import { rowsToLabel } from '../../data/table/labelledRows.ts';
import { formatOf, readTable, writeTable } from '../../data/table/readTable.ts';
import type { Misfit } from '../../data/table/table.ts';
import { Problem } from '../../protocol/problem.ts';
import type { StoredEncoderDecoder } from '../../store/modelFolder.ts';
import { notOfPairs } from '../../tasks/encoderDecoder/index.ts';
import { openEncoderDecoder } from '../../tasks/encoderDecoder/open.ts';
import { type Applied, counted, type Document, firstMisfits } from './applied.ts';

/**
 * Fills in the column that an encoder-decoder writes.
 * @throws Problem when the file is no table, or has not the columns
 */
export async function applyEncoderDecoder(
  { pairs, ...model }: StoredEncoderDecoder,
  { file, source }: Document,
  engine: () => Promise<Engine>,
): Promise<Applied> {
  const format = formatOf(source, pairs.format);
  if (format === null || format === 'fastText') throw new Problem(notOfPairs(file));
  const read = readTable(source, format);
  const { missing, misfits, column } = rowsToLabel(read, pairs);
  if (column.index < 0 && format !== 'JSON Lines')
    throw new Problem(
      `The table has no column \`${pairs.writes}\` to fill in: add one, whose cells may be empty.`,
    );
  const opened = openEncoderDecoder(await engine(), { ...model, longest: pairs.longest });
  const values = new Map<number, string>();
  const left: Misfit[] = [...misfits];
  const doubtful: Misfit[] = [];
  for (const { line, text } of missing) {
    const { rewritings, unseen } = opened.rewrite(text, { alternatives: false });
    const names = unseen.map((each) => `\`${each}\``).join(', ');
    if (rewritings.length === 0)
      left.push({
        line,
        message:
          pairs.source.kind === 'numbers'
            ? `${names} is no number.`
            : unseen.length > 0
              ? `The training never saw ${names}.`
              : 'It is too long.',
      });
    else {
      values.set(line, rewritings[0].text);
      if (unseen.length > 0) doubtful.push({ line, message: `The training never saw ${names}.` });
    }
  }
  opened.dispose();
  const { text, unfilled } = writeTable(source, format, read, { ...column, values });
  left.push(...unfilled.map((line) => ({ line, message: 'Its cells cannot be told apart.' })));
  return {
    text,
    sentence: [
      `Filled in: ${counted(values.size - unfilled.length, 'row')} of \`${pairs.writes}\`.`,
      ...(left.length > 0
        ? [`Left as they are, since they do not fit: ${counted(left.length, 'row')}.`]
        : []),
      ...firstMisfits(left),
      ...(doubtful.length > 0
        ? [
            `Filled in, but to be looked at, as they have characters that are new: ${counted(doubtful.length, 'row')}.`,
          ]
        : []),
      ...firstMisfits(doubtful),
    ].join(' '),
  };
}
