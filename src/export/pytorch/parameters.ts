// Writes the parameters of a cell with their values before training, and the state before the first step.
import type { CheckedCell, Equation, Initialiser, Parameter } from '../../language/cell.ts';
import type { Statement } from '../../language/syntax/syntax.ts';
import type { CellComments } from './comments.ts';
import type { Python } from './expression.ts';
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
    identity: ({ radius }) => `torch.eye(${shape})${radius === null ? '' : ` * ${radius}`}`,
    orthogonal: ({ radius }) => `nn.init.orthogonal_(${empty}${radius === null ? '' : `, ${radius}`})`,
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

/** An expression of the initial state as Python, with the constants that it names. */
export type StateCode = (name: string) => Python;

/**
 * Returns the state before the first step, a value for each vector that is carried.
 * @param batch the number of rows, as Python
 * @param computed writes the value of a state that is computed
 */
export function initialStates(
  cell: CheckedCell,
  names: PythonNames,
  batch: { readonly size: string; readonly device: string },
  computed: StateCode,
): string[] {
  return carriedOf(cell).map(({ equation }) => initialState(equation, names, batch, computed));
}

/** Returns the states and their shapes, for a comment. */
export const initialShapes = (cell: CheckedCell): string =>
  statesOf(cell)
    .map(({ name, width }) => `${name}[0] [B, ${widthLetter(width)}]`)
    .join(', ');

/**
 * The method `initial`.
 * @param computed writes the value of a state that is computed
 * @param said returns lines before the state, when it is written
 */
export function initialMethod(
  cell: CheckedCell,
  names: PythonNames,
  computed: StateCode = () => {
    throw new Error('A cell of torch computes no initial state.');
  },
  said: () => readonly string[] = () => [],
): string[] {
  const shapes = initialShapes(cell);
  const parts = initialStates(cell, names, { size: 'batch', device: 'device' }, computed);
  return [
    '    def initial(self, batch, device):',
    `        """${shapes === '' ? 'There is no state.' : `The state before the first step: ${shapes}.`}"""`,
    ...said().map((line) => `        ${line}`),
    ...returned(parts),
  ];
}

/** A statement that returns a tuple. */
export const returned = (parts: readonly string[]): string[] =>
  parts.length <= 2
    ? [`        return ${tuple(parts)}`]
    : ['        return (', ...parts.map((part) => `            ${part},`), '        )'];

function initialState(
  { name, width, initial }: State,
  names: PythonNames,
  { size: batch, device }: { readonly size: string; readonly device: string },
  computed: StateCode,
): string {
  const size = ownWidth(width);
  const { first } = initial;
  const partial = first !== null && !(typeof width === 'number' && first >= width);
  const units = partial ? `min(${first}, ${size})` : size;
  const pad = (code: string) => (partial ? `F.pad(${code}, (0, ${size} - ${units}))` : code);
  if (initial.kind === 'computed') {
    const { code, hasRows } = computed(name);
    const isWhole = hasRows && !partial && initial.value.width === width;
    if (isWhole) return code;
    const all = `(${code}).expand(${batch}, ${partial ? first : size})`;
    return pad(partial ? `${all}[:, :${units}]` : all);
  }
  const { value, kind } = initial;
  if (kind === 'learned') return `${pad(`self.${names.parameter(`${name}[0]`)}`)}.expand(${batch}, -1)`;
  if (value === 0) return `torch.zeros(${batch}, ${size}, device=${device})`;
  return pad(`torch.full((${batch}, ${units}), ${float(value)}, device=${device})`);
}
