import { describe, expect, test } from 'vitest';
import { readCells } from '../../src/language/check.ts';
import { complete } from '../../src/language/editing/complete.ts';
import { hover } from '../../src/language/editing/hover.ts';
import { rename } from '../../src/language/editing/rename.ts';
import { definition, outline, references } from '../../src/language/editing/symbols.ts';
import { format } from '../../src/language/syntax/printer.ts';
import { apply } from '../../src/language/syntax/source.ts';

const lstm = `cell LSTM
  f[t] = σ(W_f x[t] + U_f h[t-1] + b_f)
  c[t] = f[t] * c[t-1] + keep
  h[t] = tanh(c[t])
  keep = 0.5
  c[0] = 1
  init b_f = 1
  fixed U_f

model
  layers = LSTM 64, GRU 32
  dropout = 0.1
`;

const widths = { x: 32, h: 64, y: 32 };

/** Returns the text without its `‸`, and the offset at which that was. */
function cursor(marked: string): [text: string, offset: number] {
  const offset = marked.indexOf('‸');
  return [marked.replace('‸', ''), offset];
}

const mark = (before: string, after: string) => lstm.replace(before + after, `${before}‸${after}`);

describe('hover', () => {
  test.each([
    ['W_f', ' x', null, 'A matrix: h×x = 64×32, rows by columns. Trained, begins as `glorot`.'],
    ['U_f', ' h', null, 'A matrix: h×h = 64×64, rows by columns. Fixed, begins as `glorot`.'],
    ['+ b', '_f', null, 'A vector of parameters. h = 64 units. Trained, begins as `1`.'],
    [' x', '[t] +', null, 'What the cell reads at this step: a symbol, or the layer below. x = 32 units.'],
    [
      'tanh(c',
      '[t]',
      'c[t] = f[t] * c[t-1] + keep',
      'A vector that changes with time. h = 64 units. Starts from `c[0] = 1`.',
    ],
    [
      'U_f h',
      '[t-1]',
      'h[t] = tanh(c[t])',
      'A vector that changes with time. h = 64 units. Starts from zero. The next layer sees it.',
    ],
    ['+ ke', 'ep', 'keep = 0.5', 'A constant: 0.5.'],
    ['ta', 'nh', 'tanh(v)', 'Hyperbolic tangent.'],
    [
      'drop',
      'out',
      'dropout = 0.2',
      'Share of each layer’s output that is dropped during training (Zaremba et al. 2014), as `dropoutSchedule` says. From 0 to below 1.',
    ],
    ['fix', 'ed', null, '`fixed W, U` names parameters that are not trained.'],
  ])('%s‸%s', (before, after, code, text) => {
    const [source, offset] = cursor(mark(before, after));
    expect(hover(readCells(source), offset, widths)).toMatchObject({ code, text });
  });

  test('a mistake elsewhere in the cell hides nothing but what it touches', () => {
    const [source, offset] = cursor('cell A\n  h[t] = tanh(W‸ x[t] + U h[t-1]\n');
    expect(hover(readCells(source), offset)?.text).toBe('A matrix: h×x, rows by columns.');
  });
});

/** Returns a place as its line and the text there. */
const show = (text: string, range: { from: number; to: number }): string =>
  `${text.slice(0, range.from).split('\n').length}:${text.slice(range.from, range.to)}`;

describe('definition and references', () => {
  test.each([
    ['tanh(c', '[t]', '3:c', ['3:c', '3:c', '4:c', '6:c']],
    ['+ b', '_f', '2:b_f', ['2:b_f', '7:b_f']],
    ['+ ke', 'ep', '5:keep', ['3:keep', '5:keep']],
    ['fixed U', '_f', '2:U_f', ['2:U_f', '8:U_f']],
    ['layers = LS', 'TM', '1:LSTM', ['1:LSTM', '11:LSTM']],
    ['layers = LSTM 64, G', 'RU', null, []],
    [' x', '[t] +', null, ['2:x']],
  ])('%s‸%s', (before, after, defined, used) => {
    const [source, offset] = cursor(mark(before, after));
    const checked = readCells(source);
    const found = definition(checked, offset);
    expect(found && show(source, found)).toBe(defined);
    expect(references(checked, offset).map((range) => show(source, range))).toEqual(used);
  });
});

describe('completion', () => {
  test.each([
    ['‸', ['cell', 'model', 'train'], ['h[t-1]']],
    ['cell A\n  ‸', ['h[t] =', 'init', 'fixed', 'stochastic', 'output', 'width', 'train'], ['tanh']],
    ['cell A\n  h[t] = W x[t]\n  f‸', ['fixed', 'h[0] ='], ['h[t] =']],
    ['cell A\n  h[t] = W x[t] + ‸', ['tanh', 'W', 'x[t]', 'h[t-1]', 'y[t-1]'], ['init']],
    ['cell A\n  h[t] = W x[‸', [], ['tanh']],
    ['cell A\n  h[t] = W x[t] # ‸', [], ['tanh']],
    ['cell A\n  h[t] = W x[t]\n  init ‸', ['W'], ['h', 'identity']],
    ['cell A\n  h[t] = W x[t]\n  init W = ‸', ['identity', 'orthogonal', 'sparse'], ['tanh']],
    ['cell A\n  h[t] = W x[t]\n  output ‸', ['h'], ['W']],
    ['cell A\n  h[t] = W x[t]\n  h[0] = ‸', ['learned', 'given', 'tanh'], ['h']],
    ['cell A\n  k[s] = K m[s]\n  h[t] = k‸', ['k[s]', 'm[s]', 'softmax over s', 'given'], ['k[t-1]']],
    ['model\n  ‸', ['tokens', 'layers', 'train'], ['k1']],
    ['train\n  k1 = 5\n  ‸', ['k2', 'optimizer'], ['k1', 'layers']],
    ['train\n  optimizer = ‸', ['adam', 'sgd'], ['none']],
    ['train\n  seconds = ‸', ['none'], ['adam']],
    ['model\n  tied = ‸', ['true', 'false'], []],
    ['cell Mine\n  h[t] = x[t]\nmodel\n  layers = ‸', ['Mine', 'GRU'], []],
    ['model\n  layers = GRU 64, ‸', ['GRU', 'both'], []],
    ['model\n  layers = both ‸', ['GRU'], ['both']],
    ['model\n  layers = GRU ‸', [], ['GRU']],
    ['cell A\n  y[t] = W x[t] + ‸', ['y[t-1]', 'y[t]'], []],
  ])('%j', (marked, some, none) => {
    const [source, offset] = cursor(marked);
    const labels = complete(readCells(source), offset, ['GRU']).map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(some));
    for (const label of none) expect(labels).not.toContain(label);
    expect(new Set(labels).size).toBe(labels.length);
  });
});

describe('renaming', () => {
  test.each([
    ['tanh(c', '[t]', 'memory', 'memory[t] = f[t] * memory[t-1] + keep'],
    ['+ b', '_f', 'bias', 'f[t] = σ(W_f x[t] + U_f h[t-1] + bias)'],
    ['(W', '_f', 'V', 'f[t] = σ(V x[t] + U_f h[t-1] + b_f)'],
    ['(W', '_f', 'W_f', 'f[t] = σ(W_f x[t] + U_f h[t-1] + b_f)'],
    ['  h', '[t]', 'state', '  fixed U_f\n  output state[t]\n'],
  ])('%s‸%s to %s', (before, after, name, line) => {
    const [source, offset] = cursor(mark(before, after));
    const edits = rename(readCells(source), offset, name);
    expect(typeof edits === 'string' ? edits : apply(source, edits)).toContain(line);
  });

  test.each([
    ['tanh(c', '[t]', 'f', '`f` means something else already.'],
    ['tanh(c', '[t]', 'tanh', '`tanh` means something else already.'],
    ['+ ke', 'ep', 'learned', '`learned` means something else already.'],
    ['+ ke', 'ep', 'cell', '`cell` means something else already.'],
    ['(W', '_f', 'Tanh', '`Tanh` means something else already.'],
    ['tanh(c', '[t]', 'C', 'Only a matrix begins with a capital letter.'],
    ['(W', '_f', 'w', 'A matrix begins with a capital letter.'],
    ['(W', '_f', '2', 'A name is a letter, then letters, digits and `_`.'],
    [' x', '[t] +', 'z', 'Only a name that the cell defines can be renamed.'],
    ['mod', 'el', 'z', 'Only a name that the cell defines can be renamed.'],
  ])('%s‸%s not to %s', (before, after, name, reason) => {
    const [source, offset] = cursor(mark(before, after));
    expect(rename(readCells(source), offset, name)).toBe(reason);
  });
});

test('renaming another vector to h would make it as wide as the layer', () => {
  const [source, offset] = cursor('cell A\n  a‸[t] = x[t]\n  output a[t]\n');
  expect(rename(readCells(source), offset, 'h')).toBe('`h` is as wide as the layer, and this is not.');
});

test('a name that stands directly behind a prime stays a name of its own', () => {
  const [source, offset] = cursor('cell A\n  h[t] = x[t] + W‸′b\n');
  const edits = rename(readCells(source), offset, 'Q');
  expect(typeof edits === 'string' ? edits : apply(source, edits)).toContain('+ Q b\n');
});

test('a matrix whose transpose is read stays transposed', () => {
  const [source, offset] = cursor('cell A\n  h[t] = W x[t]\n  p[t] = E‸ᵀ x[t]\n');
  const edits = rename(readCells(source), offset, 'Q');
  expect(typeof edits === 'string' ? edits : apply(source, edits)).toContain('p[t] = Qᵀ x[t]');
});

test('renaming keeps comments behind their lines', () => {
  const [source, offset] = cursor('cell A\n  h‸[t] = W x[t] # state\nmodel\n  layers = A 3\n');
  const edits = rename(readCells(source), offset, 's');
  expect(typeof edits === 'string' ? edits : apply(source, edits)).toBe(
    'cell A\n  s[t] = W x[t] # state\n  output s[t]\nmodel\n  layers = A 3\n',
  );
});

test('the outline names sections, vectors, constants and options', () => {
  const names = outline(readCells(lstm)).map(({ name, children }) => [
    name,
    children.map((child) => child.name),
  ]);
  expect(names).toEqual([
    ['LSTM', ['f[t]', 'c[t]', 'h[t]', 'keep']],
    ['model', ['layers', 'dropout']],
  ]);
});

describe('positions of a source', () => {
  const attention = (line: string) =>
    `cell A\n  e[t,s] = v · tanh(W h[t-1] + U m[s])\n  a[t,s] = softmax over s (e[t,s])\n  k[s] = K m[s]\n  c[t] = sum over s (a[t,s] * k[s])\n  h[t] = tanh(C c[t] + A given)\n${line}`;
  const at = (word: string) => attention('').indexOf(word);

  test.each([
    ['e[t,s] =', 'A vector at each step for each position of the source. 1 unit.'],
    ['k[s] =', 'A vector at each position of the source, which is computed once. h units.'],
    ['c[t] =', 'A vector that changes with time. h units.'],
    ['m[s]', 'What the encoder wrote at each position of the source. m units at each.'],
    ['U m', 'A matrix: h×m, rows by columns. Trained, begins as `glorot`.'],
    [
      'given',
      'What a decoder starts from: the encoder’s output when it has read the whole source, from both ends where it reads both ways. m units.',
    ],
  ])('hover on %s', (word, text) => expect(hover(readCells(attention('')), at(word))?.text).toBe(text));

  test('a width that is known is shown', () =>
    expect(hover(readCells(attention('')), at('m[s]'), { m: 128 })?.text).toBe(
      'What the encoder wrote at each position of the source. m = 128 units at each.',
    ));

  test('a vector with positions is renamed, and what comes from the encoder is not', () => {
    const edits = rename(readCells(attention('')), at('a[t,s] ='), 'p');
    expect(typeof edits === 'string' ? edits : apply(attention(''), edits)).toBe(
      attention('').replaceAll('a[t,s]', 'p[t,s]'),
    );
    for (const word of ['m[s]', 'given'])
      expect(rename(readCells(attention('')), at(word), 'p')).toBe(
        'Only a name that the cell defines can be renamed.',
      );
  });

  test('is printed as it is written', () => expect(format(attention(''))).toBe(attention('')));

  test('are in the outline', () => {
    const [{ children }] = outline(readCells(attention('')));
    expect(children.map(({ name }) => name)).toEqual(['e[t,s]', 'a[t,s]', 'k[s]', 'c[t]', 'h[t]']);
  });
});
