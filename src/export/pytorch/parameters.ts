// Writes the parameters of a cell with their values before training, and the state before the first step.
import type { CheckedCell, Equation, Initialiser, Parameter } from '../../language/cell.ts';
import type { Statement } from '../../language/syntax.ts';
import { refuseComputedState } from '../refusals.ts';
import type { CellComments } from './comments.ts';
import type { PythonNames } from './pythonNames.ts';
import { float, ownWidth, tuple, widthCode, widthLetter } from './shapes.ts';

/** A parameter as Python: comments before it, its value before training, and a comment with its shape. */
export interface PythonParameter {
  /** The name in the cell: `W_f`, or `h[0]` for a learned initial state. */
  readonly name: string;
  readonly before: readonly string[];
  readonly value: string;
  readonly comment: string;
  readonly trained: boolean;
}

export function parametersOf(
  cell: CheckedCell,
  statements: readonly Statement[],
  { behind, before }: CellComments,
): PythonParameter[] {
  const parameter = (
    name: string,
    value: string,
    shape: string,
    trained: boolean,
    said: (statement: Statement) => boolean,
  ) => {
    const notes = statements.filter(said);
    const words = notes.flatMap((statement) => behind.get(statement)?.slice(1).trim() ?? []);
    return {
      name,
      value,
      trained,
      before: notes.flatMap((statement) => before.get(statement) ?? []),
      comment: [shape, ...words].join(' '),
    };
  };
  return [
    ...cell.parameters.map((of) =>
      parameter(
        of.name,
        initialValues(of),
        shapeOf(of),
        of.trained,
        (statement) =>
          (statement.kind === 'init' || statement.kind === 'fixed') && statement.targets[0].text === of.name,
      ),
    ),
    ...learnedOf(cell).map(({ name, width, initial: { first, value } }) => {
      const size = first === null ? widthCode(width) : `min(${first}, ${widthCode(width)})`;
      return parameter(
        `${name}[0]`,
        value === 0 ? `torch.zeros(${size})` : `torch.full((${size},), ${float(value)})`,
        `${name}[0], learned`,
        true,
        (statement) => statement.kind === 'initial' && statement.target.text === name,
      );
    }),
  ];
}

const learnedOf = ({ equations }: CheckedCell) =>
  equations.flatMap(({ name, width, initial }) =>
    initial.kind === 'learned' ? [{ name, width, initial: { ...initial, kind: initial.kind } }] : [],
  );

const shapeOf = ({ rows, columns, kind }: Parameter): string =>
  kind === 'matrix' ? `[${widthLetter(rows)}, ${widthLetter(columns)}]` : `[${widthLetter(rows)}]`;

function initialValues({ rows, columns, kind, initialiser: how }: Parameter): string {
  const sizes = kind === 'matrix' ? [rows, columns].map(widthCode) : [widthCode(rows)];
  const shape = sizes.join(', ');
  const empty = `torch.empty(${shape})`;
  const made: { [K in Initialiser['kind']]: (how: Extract<Initialiser, { kind: K }>) => string } = {
    constant: ({ value }) =>
      value === 0 ? `torch.zeros(${shape})` : `torch.full(${tuple(sizes)}, ${float(value)})`,
    identity: () => `torch.eye(${shape})`,
    orthogonal: () => `nn.init.orthogonal_(${empty})`,
    glorot: () => `nn.init.xavier_uniform_(${empty})`,
    uniform: ({ limit }) => `nn.init.uniform_(${empty}, -${limit}, ${limit})`,
    normal: ({ deviation }) => `nn.init.normal_(${empty}, 0, ${deviation})`,
    connections: ({ count, radius }) =>
      `connections(${shape}, ${count}${radius === null ? '' : `, ${radius}`})`,
    sparse: ({ density, radius }) => `sparse(${shape}, ${density}${radius === null ? '' : `, ${radius}`})`,
  };
  return (made[how.kind] as (how: Initialiser) => string)(how);
}

type State = Pick<Equation, 'name' | 'width' | 'maxLag' | 'initial'>;

/** The vectors that are carried from step to step: the input, where earlier ones are read, and equations. */
const statesOf = ({ equations, inputLag }: CheckedCell): State[] => {
  const initial = { kind: 'constant', value: 0, first: null } as const;
  const input: State = { name: 'x', width: 'x', maxLag: inputLag, initial };
  return [input, ...equations].filter(({ maxLag }) => maxLag > 0);
};

/** The vectors that are carried from step to step, each with its lags. */
export const carriedOf = (cell: CheckedCell): { equation: State; lag: number }[] =>
  statesOf(cell).flatMap((equation) =>
    Array.from({ length: equation.maxLag }, (_, index) => ({ equation, lag: index + 1 })),
  );

/** The method `initial`. */
export function initialMethod(cell: CheckedCell, names: PythonNames): string[] {
  const states = statesOf(cell);
  const shapes = states.map(({ name, width }) => `${name}[0] [B, ${widthLetter(width)}]`).join(', ');
  const parts = carriedOf(cell).map(({ equation }) => initialState(equation, names));
  return [
    '    def initial(self, batch, device):',
    `        """${states.length === 0 ? 'There is no state.' : `The state before the first step: ${shapes}.`}"""`,
    ...(parts.length <= 2
      ? [`        return ${tuple(parts)}`]
      : ['        return (', ...parts.map((part) => `            ${part},`), '        )']),
  ];
}

function initialState({ name, width, initial }: State, names: PythonNames): string {
  const size = ownWidth(width);
  if (initial.kind === 'computed') refuseComputedState(name);
  const { first, value, kind } = initial;
  const partial = first !== null && !(typeof width === 'number' && first >= width);
  const units = partial ? `min(${first}, ${size})` : size;
  const pad = (code: string) => (partial ? `F.pad(${code}, (0, ${size} - ${units}))` : code);
  if (kind === 'learned') return `${pad(`self.${names.parameter(`${name}[0]`)}`)}.expand(batch, -1)`;
  if (value === 0) return `torch.zeros(batch, ${size}, device=device)`;
  return pad(`torch.full((batch, ${units}), ${float(value)}, device=device)`);
}
