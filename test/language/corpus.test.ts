import { describe, expect, test } from 'vitest';
import { apply, type Diagnostic } from '../../src/language/source.ts';
import { run, softmax } from '../../src/language/values.ts';
import type { Architecture } from '../../src/tape/architecture.ts';
import { compileForward, compileTraining } from '../../src/tape/compile.ts';
import type { Graph } from '../../src/tape/graph.ts';
import { printGraph } from '../../src/tape/print.ts';
import { type Case, type Expectation, readCorpus, readSteps } from './corpus.ts';

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length - 1;

/** As an expectation says it: `error «W h[t-1]» text`. */
const show = (text: string, { severity, range, message }: Diagnostic): string =>
  `${severity} «${text.slice(range.from, range.to)}» ${message}`;

const isMessage = ({ kind }: Expectation): boolean => kind === 'error' || kind === 'warning';

type Check = (one: Case, expectation: Expectation) => void;

/** One layer between the symbols (embedded, where x and y differ) and the output layer. */
const checkGraph =
  (compile: (architecture: Architecture) => { graph: Graph }): Check =>
  ({ checked, widths: { x, h, y }, expectations }, expectation) => {
    const layers = [{ cell: checked.cells[0], hidden: h }];
    const { graph } = compile({
      inputs: y,
      outputs: y,
      embedding: x === y ? 0 : x,
      layers,
      tied: false,
      head: { kind: 'every step' },
    });
    const lines = printGraph(graph).split('\n');
    const expected = expectations.filter(({ kind }) => kind === expectation.kind);
    expect(lines[expected.indexOf(expectation)]).toBe(expectation.rest);
    expect(lines.length).toBe(expected.length);
  };

const checks: Readonly<Record<string, Check>> = {
  mended({ checked, text }, { rest, line }) {
    const mends = checked.diagnostics.filter(({ range, fix }) => fix && lineOf(text, range.from) === line);
    const mended = mends.map(({ fix }) => apply(text, fix!.edits).split('\n'));
    expect(mended.flat().map((line) => line.replace(/#.*/, '').trim())).toContain(rest);
  },

  order({ checked }, { rest }) {
    expect(checked.cells[0].equations.map(({ name }) => name).join(' ')).toBe(rest);
  },

  shape({ checked }, { rest }) {
    const shapes = checked.cells[0].parameters.map((p) => `${p.name} = ${p.rows}×${p.columns}`);
    expect(shapes).toContain(rest);
  },

  parameter({ checked }, { rest }) {
    const [name, wanted] = rest.split(' = ');
    const { initialiser, trained } = checked.cells[0].parameters.find((p) => p.name === name)!;
    expect({ ...initialiser, trained }).toEqual(JSON.parse(wanted));
  },

  graph: checkGraph((architecture) => compileForward(architecture, { dropout: 0, batch: 1, losses: false })),
  training: checkGraph((architecture) => compileTraining(architecture, { dropout: 0, batch: 1 })),
};

const checkOption: Check = ({ checked }, { kind, rest }) => {
  const [section, option] = kind.split('.') as ['model' | 'train', never];
  expect(checked[section][option]).toEqual(JSON.parse(rest.replace('= ', '')));
};

const checkValues: Check = ({ checked, widths, given }, { kind: name, rest }) => {
  const parameters = new Map([...given].map(([name, [first]]) => [name, Float64Array.from(first)]));
  const inputs = given.get('x')!.map((step) => Float64Array.from(step));
  const values = run({ cell: checked.cells[0], widths, parameters, inputs, readout: softmax });
  const found = values.get(name)!.slice(1);
  const wanted = readSteps(rest.replace('=', ''));
  expect(found.map(({ length }) => length)).toEqual(wanted.map(({ length }) => length));
  for (const [t, step] of wanted.entries()) {
    for (const [unit, number] of step.entries()) expect(found[t][unit]).toBeCloseTo(number, 9);
  }
};

describe.each(readCorpus())('$name', (one) => {
  test('says what is expected, at its place, and nothing else', () => {
    const said = one.checked.diagnostics.map((diagnostic) => [
      lineOf(one.text, diagnostic.range.from) + 1,
      show(one.text, diagnostic),
    ]);
    const wanted = one.expectations
      .filter(isMessage)
      .map(({ kind, rest, line }) => [line + 1, `${kind} ${rest}`]);
    expect(said).toEqual(wanted);
  });

  for (const expectation of one.expectations.filter((expectation) => !isMessage(expectation))) {
    const { kind, rest } = expectation;
    const check = checks[kind] ?? (kind.includes('.') ? checkOption : checkValues);
    test(`${kind} ${rest}`, () => check(one, expectation));
  }
});
