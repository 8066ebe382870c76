// Writes model.py: the network as a module of PyTorch, with a class for each cell.

import type { CheckedCell, Expression } from '../../language/cell.ts';
import { readCells } from '../../language/check.ts';
import type { Pool } from '../../language/options.ts';
import { Problem } from '../../protocol/problem.ts';
import { type CellSource, cellClass } from './cellClass.ts';
import connectionsTemplate from './python/connections.py';
import feedbackTemplate from './python/feedback.py';
import networkTemplate from './python/network.py';
import rowTemplate from './python/rowNetwork.py';
import sequenceTemplate from './python/sequence.py';
import seriesTemplate from './python/seriesNetwork.py';
import sparseTemplate from './python/sparse.py';
import { asClassName } from './pythonNames.ts';

/** The task of a network, on which its inputs and outputs depend. */
export type NetworkEnds =
  | { readonly kind: 'language model' | 'transducer' | 'forecaster' }
  | { readonly kind: 'acceptor'; readonly pool: Pool };

/**
 * Writes model.py, which depends on the cells and on what the network is for: how many layers there are, and how wide
 * they are, config.json says.
 * @param cells the text of a `.rnn` file with all cells
 * @param bidirectional whether some layer reads both ways
 * @throws Problem when a cell has a mistake, or reads an output that is pooled or of a row's other end
 */
export function modelFile(
  cells: string,
  ends: NetworkEnds = { kind: 'language model' },
  bidirectional = false,
): string {
  const checked = readCells(cells);
  const mistake = checked.diagnostics.find(({ severity }) => severity === 'error');
  if (mistake || checked.scopes.some(({ cell }) => !cell))
    throw new Problem(`The cells have a mistake: ${mistake?.message ?? 'one is not whole'}`);
  const feedback = checked.cells.some(({ outputLag }) => outputLag > 0);
  if (feedback && ends.kind === 'acceptor' && ends.pool !== 'last')
    throw new Problem(
      'A cell of this network reads its outputs, which are pooled: PyTorch has no such network. Export it as ONNX, or train it with `pool = last`.',
    );
  const readsRows = ends.kind === 'acceptor' || ends.kind === 'transducer';
  if (bidirectional && (feedback || !readsRows))
    throw new Problem(
      'A network with layers that read both ways is exported for PyTorch where it reads whole rows, and none of its cells reads the outputs. Export it as ONNX, or train it without `both`.',
    );
  const sources = checked.scopes.map(
    (scope): CellSource => ({ cell: scope.cell!, scope, file: checked.file, feedback }),
  );
  const taken = new Set([
    'Layer',
    'BothWays',
    'reverse',
    'Network',
    'cells',
    'nn',
    'F',
    'torch',
    'norm',
    'sparse',
    'connections',
  ]);
  const names = sources.map(({ cell }) => {
    let name = asClassName(cell.name);
    while (taken.has(name)) name += '_';
    taken.add(name);
    return name;
  });
  const classes = sources.map((source, index) => cellClass(source, names[index]));
  const needs = (call: string) => classes.some((text) => text.includes(call));
  const isDistribution = checked.cells.some(({ distribution }) => distribution);
  const lags = Math.max(0, ...checked.cells.map(({ outputLag }) => outputLag));
  const [head, layer] = partsOf(networkTemplate);
  return [
    head.replace('SOME_UNUSED = None', `SOME_UNUSED = ${checked.cells.every(usesAll) ? 'False' : 'True'}`),
    ...(needs('norm(') ? [normFunction] : []),
    ...(needs('sparse(') ? [sparseTemplate] : []),
    ...(needs('connections(') ? [connectionsTemplate] : []),
    layerClass(layer, feedback, readsRows),
    ...classes,
    ...(readsRows && !feedback ? [partsOf(rowTemplate)[0]] : []),
    `cells = {${names.map((name, index) => `${JSON.stringify(checked.cells[index].name)}: ${name}`).join(', ')}}`,
    withoutOutputLayer(isDistribution, ends, networkClass(ends, feedback).replace('LAGS', String(lags))),
  ]
    .map((part) => part.trim())
    .join('\n\n\n')
    .concat('\n');
}

const partsOf = (template: string): string[] => template.split(/^# --- .*\n/m);

/** The class that all cells extend. */
function layerClass(template: string, feedback: boolean, readsRows: boolean): string {
  const layer = feedback ? template.replace(/\n {4}def forward[\s\S]*/, '\n') : template;
  return readsRows && !feedback ? `${layer.trimEnd()}\n\n${readMethod}` : layer;
}

const readMethod = `    def read(self, x, lengths):
        """Rows x [B, T, X], of which the first \`lengths\` [B] steps count → the outputs [B, T, H]"""
        return self(x, self.initial(len(x), x.device))[0]`;

/** The class of the network, with its method \`forward\` and what all of them have. */
function networkClass(ends: NetworkEnds, feedback: boolean): string {
  const [own, shared] = partsOf(networkTemplate)[2].split('    # forward\n');
  const stream = feedback ? feedbackTemplate : sequenceTemplate;
  if (ends.kind === 'language model') return own + stream + shared;
  const untied = replaced(shared, [
    [/ {8}if not self\.tied:\n {4}( {8}.*\n)/, '$1'],
    ...(ends.kind === 'forecaster' ? ([[/\{\} if self\.embedding is None else .*/, '{}']] as const) : []),
  ]);
  if (ends.kind === 'forecaster')
    return seriesTemplate.replace('    # forward\n', overNumbers(stream)) + untied;
  const [, network, sequence, step] = partsOf(rowTemplate);
  const forward = (feedback ? step : sequence).replace(/ {8}# pool\n/, poolLine(ends));
  const read = ends.kind === 'transducer' ? ofFeatures(forward) : forward;
  return (feedback ? oneWay(network) : network).replace('    # forward\n', read) + untied;
}

/** Leaves out layers that read both ways, in a network that is computed step by step. */
const oneWay = (network: string): string =>
  replaced(network, [
    [/ {12}cell, hidden = .*\n {12}both = .*\n/, ''],
    [
      /BothWays.* else cell\(width, hidden, classes\)/,
      'cells[layer["cell"]](width, layer["hidden"], classes)',
    ],
  ]);

/** The line that pools what the last layer has put out so far, if it is pooled. */
function poolLine(ends: NetworkEnds): string {
  if (ends.kind !== 'acceptor' || ends.pool === 'last') return '';
  return ends.pool === 'max'
    ? '        x = torch.cummax(x, 1).values  # the largest value of each unit so far\n'
    : '        x = x.cumsum(1) / torch.arange(1, x.shape[1] + 1, device=x.device)[:, None]  # the mean so far\n';
}

/** Reads the features of a word at each step, whose embeddings are summed. */
const ofFeatures = (forward: string): string =>
  replaced(forward, [
    [/tokens \[B, T\]/, 'words [B, T, features]'],
    [
      /( {8}\w+ = )F\.one_hot.*\n/,
      '$1(self.embedding(tokens.clamp(min=0)) * (tokens >= 0).unsqueeze(-1)).sum(2)  # [B, T, E]\n',
    ],
  ]);

/** Reads numbers, and predicts the moments of the next ones. */
const overNumbers = (stream: string): string =>
  replaced(stream, [
    [/window of tokens \[B, T\]/, 'window of numbers [B, T, X]'],
    [/F\.one_hot.*/, 'numbers'],
    [/the logits \[B, T, V\]/, 'the means, and the logarithms of the deviations, [B, T, 2 V]'],
    ...(/torch\.softmax/.test(stream)
      ? ([
          [
            /torch\.softmax\(logits\[-1\]\.float\(\), -1\)/,
            'logits[-1].chunk(2, -1)[0].float()  # the means',
          ],
          [/zeros\(batch, self\.tokens/, 'zeros(batch, self.numbers'],
          [/\blogits\b/g, 'moments'],
        ] as const)
      : []),
    [/\btokens\b/g, 'numbers'],
  ]);

type Change = readonly [from: RegExp, to: string];

/** Changes a template. @throws Error when it has not what is to be changed */
function replaced(template: string, changes: readonly Change[]): string {
  return changes.reduce((text, [from, to]) => {
    if (text.search(from) < 0) throw new Error(`The template of a network has no ${from}.`);
    return text.replace(from, to);
  }, template);
}

/**
 * Takes the output layer away where the last layer gives the distribution itself: the logits are logarithms of its
 * probabilities, of which none is dropped.
 */
function withoutOutputLayer(isDistribution: boolean, { kind }: NetworkEnds, network: string): string {
  if (!isDistribution) return network;
  const changes: readonly Change[] = [
    [/ {8}self\.output = nn\.Linear[\s\S]*?(?= {8}if self\.embedding)/, ''],
    ...(kind === 'language model'
      ? ([
          [/ {8}self\.tied = [\s\S]*?\n(?=\n)/, ''],
          [/ {8}if not self\.tied:\n.*\n.*output\.b.*\n/, ''],
        ] as const)
      : ([[/ {8}weights\["output\.W.*\n.*output\.b.*\n/, '']] as const)),
    ...(network.includes('(layer.read(')
      ? ([
          [
            /x = self\.dropout\((layer\.read\(x, lengths\))\)/,
            'x = $1 if layer is self.layers[-1] else self.dropout($1)',
          ],
        ] as const)
      : ([
          [/x = self\.dropout\((\w+)\)/, 'x = $1 if layer is self.layers[-1] else self.dropout($1)'],
        ] as const)),
    [/self\.output\(x\)/, 'torch.log(torch.clamp(x, min=1e-30))'],
  ];
  return replaced(network, changes);
}

const normFunction = `def norm(v):
    """Layer normalisation without gain and bias (Ba et al. 2016)."""
    return F.layer_norm(v, v.shape[-1:])`;

/**
 * Returns whether every trained parameter takes part in each step's output; otherwise one may have no gradient in a
 * window, which DistributedDataParallel must know.
 */
function usesAll(cell: CheckedCell): boolean {
  const used = new Set<string>();
  const waiting = [cell.output];
  const seen = new Set(waiting);
  const visit = (expression: Expression): void => {
    switch (expression.kind) {
      case 'vector':
        if (expression.name === 'x') used.add('x');
        else if (expression.lag > 0) used.add(`${expression.name}[0]`);
        else if (!seen.has(expression.name)) {
          seen.add(expression.name);
          waiting.push(expression.name);
        }
        break;
      case 'parameter':
        used.add(expression.name);
        break;
      case 'product':
        used.add(expression.matrix);
        visit(expression.operand);
        break;
      case 'unary':
        visit(expression.operand);
        break;
      case 'binary':
        visit(expression.left);
        visit(expression.right);
        break;
    }
  };
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const equation = cell.equations.find((each) => each.name === name);
    if (equation) visit(equation.value);
  }
  const trained = [
    // The parameters of the layer below.
    'x',
    ...cell.parameters.flatMap(({ name, trained }) => (trained ? [name] : [])),
    ...cell.equations.flatMap(({ name, initial }) => (initial.kind === 'learned' ? [`${name}[0]`] : [])),
  ];
  return trained.every((name) => used.has(name));
}
