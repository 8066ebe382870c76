// Every format of tagged text is recognised by its content, read, and written back with nothing changed but tags.
import { describe, expect, test } from 'vitest';
import type { WantedTagColumns } from '../../../src/data/columns/columnFile.ts';
import { readTagged, taggedFormatOf, writeTags } from '../../../src/data/columns/readTagged.ts';
import type { TaggedText } from '../../../src/data/columns/taggedText.ts';
import { random } from '../../../src/tape/random.ts';

const read = (source: string, wanted?: WantedTagColumns) =>
  readTagged(source, taggedFormatOf(source)!, wanted);

/** Returns the sentences as tokens with their tags, and ? for one that is missing. */
const shown = ({ sentences }: TaggedText) =>
  sentences.map((sentence) => sentence.map(({ form, tag }) => `${form}:${tag ?? '?'}`).join(' '));

/** Fills in the missing tags, each with its number. */
function fill(source: string, wanted?: WantedTagColumns): string {
  const missing = read(source, wanted)
    .sentences.flat()
    .filter(({ tag }) => tag === null);
  return writeTags(
    source,
    missing.map(({ span }, index) => ({ span, tag: `T${index}` })),
  );
}

test.each([
  ['the\tDT\ndog\tNN\n\na\tDT\ncat\tNN\n', 'columns'],
  ['the DT\ndog NN\n\na\ncat\n', 'columns'],
  ['The/at jury/nn said/vbd\n', 'word/TAG'],
  ['\n\n\tThe/at ``/`` //sl\n\nno tags here\n', 'word/TAG'],
  ['A text of some words.\nAnd a second line of it.\n\nAnd a third, in a paragraph.\n', null],
  ['See http://example.org/a for more, and/or write.\n\nIt helps.\n', null],
  ['text,label\na,x\n', null],
  ['{"a": 1}\n\n{"a": 2}\n', null],
  ['', null],
])('%j is recognised', (source, format) => expect(taggedFormatOf(source)).toBe(format));

describe('column files', () => {
  test('tags may be missing with their separator or without, in some sentences or tokens', () => {
    const source = 'the\tDT\ndog\tNN\n\na\ncat\t\n\n\nit\t_\nis\tVB\n';
    const text = read(source);
    expect(shown(text)).toEqual(['the:DT dog:NN', 'a:? cat:?', 'it:? is:VB']);
    expect(fill(source)).toBe('the\tDT\ndog\tNN\n\na\tT0\ncat\tT1\n\n\nit\tT2\nis\tVB\n');
  });

  test('columns are divided by space where there are no tabs; the last is the tag', () => {
    const source = '-DOCSTART- -X- O\n\nEU  NNP   B-ORG\nrejects VBZ O \n\n# # O\n1 CD\n';
    expect(shown(read(source))).toEqual(['-DOCSTART-:O', 'EU:B-ORG rejects:O', '#:O 1:?']);
    expect(fill(source)).toBe(source.replace('1 CD\n', '1 CD T0\n'));
  });

  test('of CoNLL-U, comments and ranges are no tokens, and the words stand in the second column', () => {
    const line = (id: string, form: string, tag: string) => `${id}\t${form}\t_\t${tag}\tx`;
    const lines = ['# text = Im Haus', line('1-2', 'Im', '_'), line('1', 'In', 'ADP'), line('2', 'dem', '_')];
    const source = `${lines.join('\n')}\n\n${line('1', 'Haus', 'NOUN')}\n`;
    const wanted = { reads: null, writes: '4' };
    expect(shown(read(source, wanted))).toEqual(['In:ADP dem:?', 'Haus:NOUN']);
    expect(fill(source, wanted)).toBe(source.replace(line('2', 'dem', '_'), line('2', 'dem', 'T0')));
    expect(shown(read(source, { reads: ['3'], writes: '4' }))[1]).toBe('_:NOUN');
  });

  test('what does not fit is named, and its sentence is left out and counted', () => {
    const source = 'the\tDT\ndog\tNN\n\na\tDT\n\tNN\n\nb\tc\td\ne\tNN\n\nit\tPR\nis\tVB\n';
    const text = read(source);
    expect(shown(text)).toEqual(['the:DT dog:NN', 'it:PR is:VB']);
    expect(text.skipped).toBe(2);
    expect(text.misfits).toEqual([
      { line: 5, message: 'It has a tag without a token.' },
      { line: 7, message: 'It has 3 columns, and 2 are expected.' },
    ]);
    expect(fill(source)).toBe(source);
  });

  test('a model’s file tells whether the column of tags is there at all', () => {
    const source = 'the\ndog\n\na\n';
    const filled = readTagged(source, 'columns', { reads: null, writes: null, width: 2 });
    expect(shown(filled)).toEqual(['the:? dog:?', 'a:?']);
    const two = readTagged('the\tDT\ndog\tNN\n', 'columns', { reads: null, writes: null, width: 3 });
    expect(shown(two)).toEqual(['the:? dog:?']);
    const other = readTagged('It was a king.\n', 'columns', { reads: null, writes: null, width: 2 });
    expect(other).toMatchObject({ sentences: [], skipped: 1 });
    expect(two.sentences[0][0].span).toEqual({ line: 1, from: 6, to: 6, before: '\t' });
  });

  test.each([
    [{ reads: ['word'], writes: null }, 'from 1 to 2, not `word`'],
    [{ reads: null, writes: '3' }, 'from 1 to 2, not `3`'],
    [{ reads: ['2'], writes: null }, 'cannot be read, too'],
    [{ reads: ['1', '2'], writes: null }, 'One column of tokens'],
  ])('columns that are not there are refused: %j', (wanted, sentence) => {
    expect(() => readTagged('the\tDT\ndog\tNN\n', 'columns', wanted)).toThrow(sentence);
  });
});

describe('word/TAG', () => {
  test('the last slash divides a token from its tag', () => {
    const source = 'It/pps is/bez\n\tThe/at 1\\/2/cd //sl ``/`` dog/\n\nand/or the rest\n';
    expect(shown(read(source))).toEqual([
      'It:pps is:bez',
      'The:at 1\\/2:cd /:sl ``:`` dog:?',
      'and/or:? the:? rest:?',
    ]);
    expect(fill(source)).toBe(
      'It/pps is/bez\n\tThe/at 1\\/2/cd //sl ``/`` dog/T0\n\nand/or/T1 the/T2 rest/T3\n',
    );
  });

  test('a tag without a token is named, and its sentence left out', () => {
    const text = read('The/at jury/nn\n/nn said/vbd\n');
    expect(shown(text)).toEqual(['The:at jury:nn']);
    expect([text.skipped, text.misfits]).toEqual([
      1,
      [{ line: 2, message: '`/nn` is a tag without a token.' }],
    ]);
  });
});

test('random files are filled where tags are missing, with all line ends and marks as they were', () => {
  const next = random(5);
  const one = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)];
  for (let round = 0; round < 50; round++) {
    const end = one(['\n', '\r\n', '\r']);
    const separator = one(['\t', ' ']);
    let number = 0;
    let [source, expected] = ['', ''];
    const both = (text: string) => {
      source += text;
      expected += text;
    };
    both(one(['', '\uFEFF']));
    both(`a${separator}X${end}b${separator}Y${end}${end}`);
    for (let line = 0; line < 20; line++) {
      if (next() < 0.2) both(one(['', ' ', '\t']).repeat(separator === ' ' ? 0 : 1) + end);
      else if (next() < 0.5) both(`${one(['é', 'cc', '😀'])}${separator}Z${end}`);
      else {
        const form = one(['é', 'cc', '😀']);
        source += `${form}${end}`;
        expected += `${form}${separator}T${number++}${end}`;
      }
    }
    expect(fill(source)).toBe(expected);
  }
});

test('a binary file is refused', () => {
  expect(() => readTagged('a\tb\0\n', 'columns')).toThrow('binary');
});
