// The phenomena of recurrent networks that the product shows, and the page that says where each is seen.

export interface Phenomenon {
  /** The name of its pictures. */
  readonly name: string;
  readonly title: string;
  /** The command and the section that show it, in the words of the screen. */
  readonly where: string;
  /** The setting, field or line that changes it. */
  readonly change: string;
}

export const phenomena: readonly Phenomenon[] = [
  {
    name: 'unrolled',
    title: 'A network unrolled in time',
    where: 'Train on Current File, then *The network, unrolled in time* in the panel',
    change: 'the layers (`unroll.model.layers`); pointing at a node shows its equation',
  },
  {
    name: 'vanishing',
    title: 'A gradient that vanishes with the lag',
    where: '*Gradient by lag* in the panel, and beside it the same over the training',
    change: 'the cell: compare an Elman network with an LSTM',
  },
  {
    name: 'exploding',
    title: 'A gradient that explodes: 1.1⁵⁰ = 117',
    where:
      '*Gradient by lag*, after Train with This Cell on a linear cell `h[t] = 1.1 * (U h[t-1]) + W x[t]`',
    change: 'the factor 1.1 in the file; `recover = false` lets the loss explode, too',
  },
  {
    name: 'clipping',
    title: 'Gradient clipping',
    where: '*Gradient norm* in the panel: before and after clipping, and the threshold',
    change: 'the field *Clipping threshold* in the panel, while it trains',
  },
  {
    name: 'gates',
    title: 'Gates that hold',
    where: '*Its units, token by token* in the panel, with a gate chosen',
    change: 'the gate or state in the list beside the caption',
  },
  {
    name: 'k1-and-k2',
    title: 'Truncated backpropagation through time: k1 and k2',
    where: '*How the text is read in training* in the panel',
    change: '`unroll.train.k1` and `unroll.train.k2`',
  },
  {
    name: 'a-unit-follows',
    title: 'What a unit follows',
    where: 'Show Unit: the list says it of each unit, and the text is coloured by the one that is chosen',
    change: 'the unit',
  },
  {
    name: 'free-running',
    title: 'Teacher forcing and free running',
    where: '*Teacher forcing and free running* in the panel',
    change: 'a longer training',
  },
  {
    name: 'cells',
    title: 'Elman network, LSTM and GRU on one’s own text',
    where: 'Compare Cells on Current File: a table and a curve for each',
    change: 'the cells and the budget, which it asks for',
  },
  {
    name: 'reservoir',
    title: 'A reservoir that is not trained',
    where:
      'Compare Cells with EchoState: over the training its gradient by lag stays as it was drawn; in the table, only the output layer counts among its trained parameters',
    change: 'the leak and the spectral radius, in a copy that New Cell makes',
  },
  {
    name: 'dynamical-system',
    title: 'The state as a dynamical system',
    where: '*The path of its state* in the panel, beside the Lyapunov exponents',
    change: 'the spectral radius, in the `init` lines of a cell',
  },
  {
    name: 'both-directions',
    title: 'What both directions give',
    where: 'Train on Current File with tokens and their tags, then *Both directions* in the panel',
    change: '`both` before a layer’s cell',
  },
];

/** The pictures of a cell by itself. */
export const cellPictures: readonly Phenomenon[] = [
  {
    name: 'graph',
    title: 'The equations of a cell as a graph',
    where: 'Show Graph above a cell in a `.rnn` file',
    change: 'its lines, to each of which a box leads',
  },
  {
    name: 'trace',
    title: 'A cell step by step, with the weights that it has learned',
    where: 'Trace above a cell in a `.rnn` file',
    change: 'the string, which it asks for',
  },
];

/** The folder of the page and that of its pictures. */
export const pageFile = 'docs/phenomena.md';
export const pictureFolder = 'docs/phenomena';
export const pictureFile = (name: string, theme: 'light' | 'dark') => `${name}-${theme}.png`;

/** The files of all pictures. */
export const pictures = [...phenomena, ...cellPictures].flatMap(({ name }) => [
  pictureFile(name, 'light'),
  pictureFile(name, 'dark'),
]);

/** The file of the seconds after which each was seen, by the names of the phenomena. */
export const secondsFile = 'docs/phenomena.json';

/**
 * Returns the page in Markdown.
 * @param seconds how long after the text was opened each phenomenon was first on the screen
 */
export function page(seconds: Readonly<Record<string, number>>): string {
  const cellOf = ({ name, title }: Phenomenon, theme: 'light' | 'dark') =>
    `<img src="phenomena/${pictureFile(name, theme)}" width="440" alt="${title}, in the ${theme} theme">`;
  const after = ({ name }: Phenomenon) =>
    name in seconds ? `, ${Math.ceil(seconds[name])} s after opening` : '';
  const table = (rows: readonly Phenomenon[]) => [
    '| | light | dark |',
    '|---|---|---|',
    ...rows.map(
      (row) =>
        `| **${row.title}**<br>Seen: ${row.where}${after(row)}.<br>Changed by: ${row.change}. | ${cellOf(row, 'light')} | ${cellOf(row, 'dark')} |`,
    ),
  ];
  return [
    '# What is seen of a recurrent network',
    '',
    'Each of these is on the screen within a minute of opening a text, on two cores that also draw the window. All commands begin with ‘Unroll:’ in the palette.',
    '`npm run pictures -- phenomena` takes the pictures and the times from a running VS Code, and writes this page.',
    '',
    ...table(phenomena),
    '',
    '## Of a cell alone',
    '',
    ...table(cellPictures),
    '',
  ].join('\n');
}
