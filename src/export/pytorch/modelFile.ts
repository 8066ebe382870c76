// Writes model.py: the network as a module of PyTorch, with a class for each cell.

import type { CheckedCell, Expression } from '../../language/cell.ts';
import { readCells } from '../../language/check.ts';
import { Problem } from '../../protocol/problem.ts';
import { type CellSource, cellClass } from './cellClass.ts';
import connectionsTemplate from './python/connections.py';
import feedbackTemplate from './python/feedback.py';
import networkTemplate from './python/network.py';
import sequenceTemplate from './python/sequence.py';
import sparseTemplate from './python/sparse.py';
import { asClassName } from './pythonNames.ts';

/**
 * Writes model.py, which depends on the cells alone: how many layers there are, and how wide they are, config.json
 * says.
 * @param cells the text of a `.rnn` file with all cells
 * @throws Problem when a cell has a mistake
 */
export function modelFile(cells: string): string {
  const checked = readCells(cells);
  const mistake = checked.diagnostics.find(({ severity }) => severity === 'error');
  if (mistake || checked.scopes.some(({ cell }) => !cell))
    throw new Problem(`The cells have a mistake: ${mistake?.message ?? 'one is not whole'}`);
  const feedback = checked.cells.some(({ outputLag }) => outputLag > 0);
  const sources = checked.scopes.map(
    (scope): CellSource => ({ cell: scope.cell!, scope, file: checked.file, feedback }),
  );
  const taken = new Set(['Layer', 'Network', 'cells', 'nn', 'F', 'torch', 'norm', 'sparse', 'connections']);
  const names = sources.map(({ cell }) => {
    let name = asClassName(cell.name);
    while (taken.has(name)) name += '_';
    taken.add(name);
    return name;
  });
  const classes = sources.map((source, index) => cellClass(source, names[index]));
  const needs = (call: string) => classes.some((text) => text.includes(call));
  const isDistribution = checked.cells.some(({ distribution }) => distribution);
  const network = feedback ? feedbackTemplate : sequenceTemplate;
  const lags = Math.max(0, ...checked.cells.map(({ outputLag }) => outputLag));
  const [head, layer, tail] = networkTemplate.split(/^# --- .*\n/m);
  return [
    head.replace('SOME_UNUSED = None', `SOME_UNUSED = ${checked.cells.every(usesAll) ? 'False' : 'True'}`),
    ...(needs('norm(') ? [normFunction] : []),
    ...(needs('sparse(') ? [sparseTemplate] : []),
    ...(needs('connections(') ? [connectionsTemplate] : []),
    feedback ? layer.replace(/\n {4}def forward[\s\S]*/, '\n') : layer,
    ...classes,
    `cells = {${names.map((name, index) => `${JSON.stringify(checked.cells[index].name)}: ${name}`).join(', ')}}`,
    withoutOutputLayer(
      isDistribution,
      tail.replace('    # forward\n', network.replace('LAGS', String(lags))),
    ),
  ]
    .map((part) => part.trim())
    .join('\n\n\n')
    .concat('\n');
}

/**
 * Takes the output layer away where the last layer gives the distribution itself: the logits are logarithms of its
 * probabilities, of which none is dropped.
 */
function withoutOutputLayer(isDistribution: boolean, network: string): string {
  if (!isDistribution) return network;
  const changes: readonly (readonly [from: RegExp, to: string])[] = [
    [/ {8}self\.output = nn\.Linear[\s\S]*?(?= {8}if self\.embedding)/, ''],
    [/ {8}self\.tied = [\s\S]*?\n(?=\n)/, ''],
    [/ {8}if not self\.tied:\n.*\n.*output\.b.*\n/, ''],
    [/x = self\.dropout\((\w+)\)/, 'x = $1 if layer is self.layers[-1] else self.dropout($1)'],
    [/self\.output\(x\)/, 'torch.log(torch.clamp(x, min=1e-30))'],
  ];
  return changes.reduce((text, [from, to]) => {
    if (!from.test(text)) throw new Error(`The template of a network has no ${from}.`);
    return text.replace(from, to);
  }, network);
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
