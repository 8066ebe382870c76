// Writes the methods of a cell that torch has as a module of its own.
import type { CheckedCell } from '../../language/cell.ts';
import { carriedOf, initialMethod, type PythonParameter } from './parameters.ts';
import type { PythonNames } from './pythonNames.ts';
import { tuple } from './shapes.ts';
import type { Gate, TorchModule } from './torchModules.ts';

const gateNames = { LSTM: 'i, f, g, o', GRU: 'r, z, n' } as const;

export function moduleMethods(
  cell: CheckedCell,
  module: TorchModule,
  names: PythonNames,
  parameters: readonly PythonParameter[],
  equations: readonly string[],
): string[] {
  const { kind, gates, nonlinearity } = module;
  const learned = parameters.filter(({ name }) => name.endsWith('[0]'));
  const stacked = parameters.filter(({ name }) => !name.endsWith('[0]'));
  const options = `batch_first=True${nonlinearity === 'relu' ? ', nonlinearity="relu"' : ''}`;
  return [
    `    # The equations are those of torch.nn.${kind}:`,
    ...equations.map((line) => `    #   ${line}`),
    '    def __init__(self, inputs, hidden, tokens):',
    '        super().__init__()',
    '        self.outputs = self.hidden = hidden',
    `        self.module = nn.${kind}(inputs, hidden, ${options})`,
    ...secondBias(kind),
    ...learned.flatMap(({ name, before, value, comment }) => [
      ...before.map((line) => `        ${line}`),
      `        self.${names.parameter(name)} = nn.Parameter(${value})  # ${comment}`,
    ]),
    '        self.fill({',
    ...stacked.flatMap(({ name, before, value, comment }) => [
      ...before.map((line) => `            ${line}`),
      `            ${JSON.stringify(name)}: ${value},  # ${comment}`,
    ]),
    '        })',
    '',
    '    def weights(self):',
    `        """The parameters of the equations${kind === 'RNN' ? '' : `, which torch stacks in the order ${gateNames[kind]}`}."""`,
    ...chunks(gates, ({ W }) => W, 'weight_ih_l0', names),
    ...chunks(gates, ({ U }) => U, 'weight_hh_l0', names),
    ...chunks(gates, ({ b }) => b, 'bias_ih_l0', names),
    ...(kind === 'GRU' ? chunks(gates, ({ d }) => d, 'bias_hh_l0', names) : []),
    '        return {',
    ...stacked.map(({ name }) => `            ${JSON.stringify(name)}: ${names.parameter(name)},`),
    ...learned.map(({ name }) => `            ${JSON.stringify(name)}: self.${names.parameter(name)},`),
    '        }',
    '',
    ...initialMethod(cell, names),
    '',
    ...forward(cell, module, names),
  ];
}

/** torch has a second bias beside U h[t-1]; where the equations have one alone, the second stays 0. */
function secondBias(kind: TorchModule['kind']): string[] {
  const zero = '        nn.init.zeros_(self.module.bias_hh_l0)';
  if (kind !== 'GRU')
    return [
      '        # torch adds a second bias, which would only repeat the first: it stays 0.',
      zero,
      '        self.module.bias_hh_l0.requires_grad = False',
    ];
  return [
    '        # torch has a second bias for r and z too, which would only repeat the first: it stays 0.',
    zero,
    '        trained = torch.arange(3 * hidden) >= 2 * hidden',
    '        self.module.bias_hh_l0.register_hook(lambda slope: slope * trained.to(slope.device))',
  ];
}

function chunks(
  gates: readonly Gate[],
  of: (gate: Gate) => string | undefined,
  from: string,
  names: PythonNames,
): string[] {
  const parts = gates.map((gate) => {
    const name = of(gate);
    return name === undefined ? '_' : names.parameter(name);
  });
  if (parts.length === 1) return [`        ${parts[0]} = self.module.${from}`];
  return [`        ${parts.join(', ')} = self.module.${from}.chunk(${parts.length})`];
}

function forward(cell: CheckedCell, { kind, states }: TorchModule, names: PythonNames): string[] {
  const carried = tuple(carriedOf(cell).map(({ equation }) => names.vector(equation.name, 0)));
  const all = states.map((name) => names.vector(name, 0));
  const before = all.map((name) => `${name}[None].contiguous()`);
  const after = carriedOf(cell).map(({ equation }) => `${names.vector(equation.name, 0)}[0]`);
  const one = kind !== 'LSTM';
  return [
    '    def forward(self, x, state):',
    `        ${carried} = state`,
    `        outputs, ${one ? all[0] : tuple(all)} = self.module(x, ${one ? before[0] : tuple(before)})`,
    `        return outputs, ${tuple(after)}`,
  ];
}
