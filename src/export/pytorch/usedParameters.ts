// Finds what takes part in a cell's output: where a parameter does not, it may have no gradient in a window, which
// DistributedDataParallel must know.
import type { CheckedCell, Expression } from '../../language/cell.ts';
import { encoded, given } from '../../language/words.ts';

/** Returns what a step's output depends on: parameters, learned states as `h[0]`, and `x`, `m` and `given`. */
export function usedBy(cell: CheckedCell): ReadonlySet<string> {
  const used = new Set<string>();
  const waiting = [cell.output];
  const seen = new Set(waiting);
  const find = (name: string) => cell.equations.find((each) => each.name === name);
  const need = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    waiting.push(name);
  };
  const visit = (expression: Expression): void => {
    switch (expression.kind) {
      case 'vector': {
        if (expression.name === 'x') used.add('x');
        else if (expression.lag === 0) need(expression.name);
        else if (!used.has(`${expression.name}[0]`)) {
          used.add(`${expression.name}[0]`);
          const initial = find(expression.name)?.initial;
          if (initial?.kind === 'computed') visit(initial.value);
        }
        break;
      }
      case 'positioned':
        if (find(expression.name)) need(expression.name);
        else used.add(encoded);
        break;
      case 'given':
        used.add(given);
        break;
      case 'parameter':
        used.add(expression.name);
        break;
      case 'product':
        used.add(expression.matrix);
        visit(expression.operand);
        break;
      case 'unary':
      case 'over':
        visit(expression.operand);
        break;
      case 'binary':
        visit(expression.left);
        visit(expression.right);
        break;
    }
  };
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const equation = find(name);
    if (equation) visit(equation.value);
  }
  return used;
}

/** Returns whether every trained parameter takes part in each step's output, and the layer below does. */
export function usesAll(cell: CheckedCell, used: ReadonlySet<string>): boolean {
  const trained = [
    // The parameters of the layer below.
    'x',
    ...cell.parameters.flatMap(({ name, trained }) => (trained ? [name] : [])),
    ...cell.equations.flatMap(({ name, initial }) => (initial.kind === 'learned' ? [`${name}[0]`] : [])),
  ];
  return trained.every((name) => used.has(name));
}
