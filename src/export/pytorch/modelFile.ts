// Writes model.py: the network as a module of PyTorch, with a class for each cell.

import { readCells } from '../../language/check.ts';
import type { Pool } from '../../language/options/options.ts';
import { encoded, given } from '../../language/words.ts';
import { Problem } from '../../protocol/problem.ts';
import { type CellSource, cellClass } from './cellClass.ts';
import { overPositions } from './overPositions.ts';
import connectionsTemplate from './python/connections.py';
import feedbackTemplate from './python/feedback.py';
import networkTemplate from './python/network.py';
import pairTemplate from './python/pairNetwork.py';
import rowTemplate from './python/rowNetwork.py';
import sequenceTemplate from './python/sequence.py';
import seriesTemplate from './python/seriesNetwork.py';
import sparseTemplate from './python/sparse.py';
import { asClassName } from './pythonNames.ts';
import { predictingNumbers, type RegressorEnds, readingNumbers } from './regressorNetwork.ts';
import { type Change, partsOf, replaced } from './template.ts';
import { usedBy, usesAll } from './usedParameters.ts';

/** The task of a network, on which its inputs and outputs depend. */
export type NetworkEnds =
  | { readonly kind: 'language model' | 'transducer' | 'forecaster' }
  | { readonly kind: 'encoder-decoder'; readonly source: 'tokens' | 'numbers' }
  | { readonly kind: 'acceptor'; readonly pool: Pool }
  | RegressorEnds;

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
  if (feedback && 'pool' in ends && ends.pool !== 'last')
    throw new Problem(
      'A cell of this network reads its outputs, which are pooled: PyTorch has no such network. Export it as ONNX, or train it with `pool = last`.',
    );
  const hasEncoder = ends.kind === 'encoder-decoder';
  const readsRows = hasEncoder || 'pool' in ends || ends.kind === 'transducer';
  if (bidirectional && !hasEncoder && (feedback || !readsRows))
    throw new Problem(
      'A network with layers that read both ways is exported for PyTorch where it reads whole rows, and none of its cells reads the outputs. Export it as ONNX, or train it without `both`.',
    );
  const sources = checked.scopes.map(
    (scope): CellSource => ({
      cell: scope.cell!,
      scope,
      file: checked.file,
      // An encoder has no outputs that could be read, so that its cells go on without.
      feedback: hasEncoder ? scope.cell!.outputLag > 0 : feedback,
      hasEncoder,
    }),
  );
  const taken = new Set([
    'Layer',
    'BothWays',
    'Encoder',
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
  const used = checked.cells.map(usedBy);
  const isAllUsed =
    checked.cells.every((cell, index) => usesAll(cell, used[index])) &&
    (!hasEncoder || used.some((each) => each.has(encoded) || each.has(given)));
  const lags = Math.max(0, ...checked.cells.map(({ outputLag }) => outputLag));
  const [head, layer] = partsOf(networkTemplate);
  return [
    (hasEncoder ? replaced(head, shapesOfPairs) : head).replace(
      'SOME_UNUSED = None',
      `SOME_UNUSED = ${isAllUsed ? 'False' : 'True'}`,
    ),
    ...(needs('norm(') ? [normFunction] : []),
    ...(needs('sparse(') ? [sparseTemplate] : []),
    ...(needs('connections(') ? [connectionsTemplate] : []),
    ...(needs(`${overPositions.softmax}(`) ? [softmaxOverS] : []),
    ...(needs(`${overPositions.sum}(`) ? [sumOverS] : []),
    hasEncoder ? decoderLayer(layer, feedback) : layerClass(layer, { feedback, readsRows }),
    ...classes,
    ...(hasEncoder || (readsRows && !feedback) ? [partsOf(rowTemplate)[0]] : []),
    `cells = {${names.map((name, index) => `${JSON.stringify(checked.cells[index].name)}: ${name}`).join(', ')}}`,
    ...(ends.kind === 'encoder-decoder'
      ? [ends.source === 'numbers' ? replaced(encoderClass, ofNumbers) : encoderClass]
      : []),
    withoutOutputLayer(isDistribution, ends, networkClass(ends, feedback).replace('LAGS', String(lags))),
  ]
    .map((part) => part.trim())
    .join('\n\n\n')
    .concat('\n');
}

/** The header of an encoder-decoder. */
const shapesOfPairs: readonly Change[] = [
  [
    /The network: .*/,
    'The network: an encoder, which reads the source, and a decoder, which writes the target.',
  ],
  [
    /B streams, T steps, .*\./,
    `B rows, S positions of the source, T steps of the target, X inputs of a layer, H hidden units, M outputs of the encoder, V
tokens of targets.`,
  ],
];

/**
 * Returns the class that all cells extend.
 * @param network whether the cells read the outputs of the steps before, and whether whole rows are read
 */
function layerClass(
  template: string,
  { feedback, readsRows }: { readonly feedback: boolean; readonly readsRows: boolean },
): string {
  const layer = feedback ? template.replace(/\n {4}def forward[\s\S]*/, '\n') : template;
  return readsRows && !feedback ? `${layer.trimEnd()}\n\n${readMethod}` : layer;
}

/** The class that all cells of an encoder-decoder extend. */
const decoderLayer = (template: string, feedback: boolean): string =>
  replaced(layerClass(template, { feedback: false, readsRows: true }), [
    [
      /( {4}names = .*\n)/,
      `$1    reads_source = False  # whether the steps read what the encoder has written\n${feedback ? '    reads_outputs = False  # whether they read the outputs of the steps before\n' : ''}`,
    ],
  ]);

const [softmaxOverS, sumOverS, encoderClass, pairNetwork, pairSequence, pairFeedback] = partsOf(pairTemplate);

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
    ...(readsNumbers(ends) ? ([[/\{\} if self\.embedding is None else .*/, '{}']] as const) : []),
  ]);
  if (ends.kind === 'encoder-decoder') {
    const read = pairNetwork.replace('    # read\n', feedback ? pairFeedback : pairSequence);
    const ofEncoder =
      '        weights = self.encoder.weights()\n        if self.embedding is not None:\n            weights["embedding"] = self.embedding.weight\n';
    return `${read}${replaced(untied, [[/ {8}weights = \{\} if .*\n/, ofEncoder]])}`;
  }
  if (ends.kind === 'forecaster')
    return seriesTemplate.replace('    # forward\n', overNumbers(stream)) + untied;
  const [, network, sequence, step] = partsOf(rowTemplate);
  const forward = (feedback ? step : sequence).replace(/ {8}# pool\n/, poolLine(ends));
  const read = ends.kind === 'transducer' ? ofFeatures(forward) : forward;
  const whole = (feedback ? oneWay(network) : network).replace('    # forward\n', read) + untied;
  if (ends.kind !== 'regressor') return whole;
  const predicting = predictingNumbers(whole);
  return ends.sequence === 'numbers' ? readingNumbers(predicting) : predicting;
}

const readsNumbers = (ends: NetworkEnds): boolean =>
  ends.kind === 'forecaster' || (ends.kind === 'regressor' && ends.sequence === 'numbers');

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
  if (!('pool' in ends) || ends.pool === 'last') return '';
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

/** Hands on a vector of numbers as the source. */
const ofNumbers: readonly Change[] = [
  [/Reads the source\. Without .*"""/, 'Hands on the numbers of a source as one vector."""'],
  [/ {8}width = config.*\n.*nn\.Embedding.*\n/, '        width, self.embedding = tokens, None\n'],
  [/ {8}if self\.embedding is not None:\n.*\n/, ''],
  [/Sources \[B, S\], of/, 'Sources [B, S, M], standardised, of'],
  [/( {8}m = )F\.one_hot.*/, '$1tokens'],
  [/weights = \{\} if .*/, 'weights = {}'],
];

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
