// Describes what the pictures of a cell show: its equations as a graph, and its vectors over symbols.
import { vectorValues } from '../inspection/vectorValues.ts';
import type { CheckedCell, Expression } from '../language/cell.ts';
import { parse } from '../language/syntax/parser.ts';
import { given } from '../language/words.ts';
import type { EquationNode, ReadVector, TracePicture } from '../protocol/laboratory.ts';
import { Problem } from '../protocol/problem.ts';
import type { StoredModel } from '../store/modelFolder.ts';
import { Probe } from '../tape/probing/probe.ts';
import type { Trace } from '../tape/probing/trace.ts';

/** Returns the equations of a cell with their lines in the text of its file. */
export function equationNodes(definition: string, cell: CheckedCell): EquationNode[] {
  const ranges = new Map(
    parse(definition).sections.flatMap((section) =>
      section.kind === 'cell' && section.name.text === cell.name
        ? section.statements.flatMap((statement) =>
            statement.kind === 'equation' ? [[statement.target.text, statement.range] as const] : [],
          )
        : [],
    ),
  );
  return cell.equations.map(({ name, index, value }) => {
    const { from, to } = ranges.get(name)!;
    return {
      name,
      index,
      equation: definition.slice(from, to).replace(/\s+/g, ' '),
      line: definition.slice(0, from).split('\n').length,
      reads: readsOf(value, cell),
      isOutput: name === cell.output,
    };
  });
}

/** Returns the vectors that an expression reads, each once for each step. */
function readsOf(expression: Expression, { equations }: CheckedCell): ReadVector[] {
  const found = new Map<string, ReadVector>();
  const add = (read: ReadVector): void => {
    found.set(`${read.name} ${read.lag}`, read);
  };
  const look = (part: Expression): void => {
    switch (part.kind) {
      case 'vector':
        return add({ name: part.name, lag: part.lag, index: 't' });
      case 'positioned': {
        // The vectors of the encoder have no equation here.
        const index = equations.find(({ name }) => name === part.name)?.index ?? 's';
        return add({ name: part.name, lag: 0, index });
      }
      case 'given':
        return add({ name: given, lag: 0, index: null });
      case 'product':
      case 'unary':
      case 'over':
        return look(part.operand);
      case 'binary':
        look(part.left);
        return look(part.right);
      case 'number':
      case 'parameter':
        return;
      default:
        return part satisfies never;
    }
  };
  look(expression);
  return [...found.values()];
}

/** Returns the picture of a trace with initial weights. */
export function pictureOfTrace(
  { values }: Trace,
  symbols: string,
  equations: readonly EquationNode[],
): TracePicture {
  return {
    kind: 'trace',
    tokens: [...symbols],
    // The state before the first step belongs to no symbol.
    vectors: equations.flatMap(({ name, equation, line }) =>
      symbols === ''
        ? []
        : [
            {
              name,
              equation,
              line,
              values: vectorValues(values[name].slice(1).map((vector) => Float64Array.from(vector))),
            },
          ],
    ),
    trainedOn: null,
  };
}

interface Traced {
  /** The name of the cell. */
  readonly cell: string;
  readonly symbols: string;
  readonly equations: readonly EquationNode[];
}

/**
 * Lets a trained network read the symbols, and returns the states and gates of the layers of a cell.
 * @throws Problem when there is nothing to read
 */
export function traceModel(
  { architecture, weights, tokenizer, manifest }: StoredModel,
  { cell, symbols, equations }: Traced,
): TracePicture {
  const tokens = tokenizer.encode(symbols);
  if (tokens.length === 0) throw new Problem('There is nothing to read: name some symbols.');
  const probe = new Probe(architecture, tokens.length - 1);
  // A probe also measures the gradient of the last symbol's loss, which the picture does not show: any target will do.
  probe.look(weights, tokens, 0);
  const single = architecture.layers.length === 1;
  const vectors = architecture.layers.flatMap((layer, index) =>
    layer.cell.name === cell
      ? equations.flatMap(({ name, equation, line }) => {
          const inNetwork = `layers.${index}.${name}`;
          return probe.names.includes(inNetwork)
            ? [
                {
                  name: single ? name : inNetwork,
                  equation,
                  line,
                  values: vectorValues(probe.values(inNetwork)),
                },
              ]
            : [];
        })
      : [],
  );
  return {
    kind: 'trace',
    tokens: [...tokens].map((token) => tokenizer.symbols[token] || '\uFFFD'),
    vectors,
    trainedOn: manifest.provenance.source,
  };
}
