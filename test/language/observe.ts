// Computes what a case of the corpus yields, in the notation of its expectations; `UPDATE_EXPECT=1` writes it
// into the files.
import { writeFileSync } from 'node:fs';
import { apply, type Diagnostic } from '../../src/language/syntax/source.ts';
import { runCell, softmax } from '../../src/language/values.ts';
import type { Architecture } from '../../src/tape/architecture.ts';
import { compileForward, compileTraining } from '../../src/tape/compile.ts';
import type { Graph } from '../../src/tape/graph.ts';
import { printGraph } from '../../src/tape/print.ts';
import { type Case, type Expectation, readCorpus, readSteps } from './corpus.ts';

/** A message about a line of code, in the notation of an expectation. */
export interface Observed {
  /** The line that it is about, counted from 0. */
  readonly line: number;
  readonly text: string;
}

export const isMessage = ({ kind }: Expectation): boolean => kind === 'error' || kind === 'warning';

export const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length - 1;

/** Returns every message in the notation of an expectation: `error «W h[t-1]» text`. */
export function observedMessages({ checked, text }: Case): Observed[] {
  return checked.diagnostics.map(({ severity, range, message }: Diagnostic) => ({
    line: lineOf(text, range.from),
    text: `${severity} «${text.slice(range.from, range.to)}» ${message}`,
  }));
}

const graphs: Readonly<Record<string, (architecture: Architecture) => { graph: Graph }>> = {
  graph: (architecture) => compileForward(architecture, { dropout: false, batch: 1, losses: false }),
  training: (architecture) => compileTraining(architecture, { dropout: false, batch: 1 }),
};

export const isGraph = ({ kind }: Expectation): boolean => kind in graphs;

/** Returns one layer's graph between the symbols (embedded, where x and y differ) and the head, by lines. */
export function observedGraph({ checked, widths: { x, h, y } }: Case, kind: string): string[] {
  const { graph } = graphs[kind]({
    inputs: y,
    outputs: y,
    embedding: x === y ? 0 : x,
    layers: [{ cell: checked.cells[0], hidden: h }],
    tied: false,
    head: { kind: 'every step' },
  });
  return printGraph(graph).split('\n');
}

/** Returns the values of a vector at each step, from the first. */
export function observedValues({ checked, widths, given }: Case, name: string): Float64Array[] {
  const parameters = new Map([...given].map(([name, [first]]) => [name, Float64Array.from(first)]));
  const inputs = given.get('x')!.map((step) => Float64Array.from(step));
  const end = parameters.get('given');
  const positions = given.get('m')?.map((position) => Float64Array.from(position));
  const outside = {
    inputs,
    readout: softmax,
    ...(end && { given: end }),
    ...(positions && { positions }),
  };
  return runCell({ cell: checked.cells[0], widths, parameters, ...outside })
    .get(name)!
    .slice(1);
}

/** Returns every line that the fixes of the messages about the expectation's line would make. */
export function observedMends({ checked, text }: Case, line: number): string[] {
  const mends = checked.diagnostics.filter(({ range, fix }) => fix && lineOf(text, range.from) === line);
  const mended = mends.flatMap(({ fix }) => apply(text, fix!.edits).split('\n'));
  return mended.map((line) => line.replace(/#.*/, '').trim());
}

/** Returns what follows the kind in any other expectation. */
export function observedRest({ checked }: Case, { kind, rest }: Expectation): string {
  const [cell] = checked.cells;
  const [name] = rest.split(' = ');
  const parameter = cell?.parameters.find((each) => each.name === name);
  if (kind === 'order') return cell.equations.map(({ name }) => name).join(' ');
  if (kind === 'shape') return `${name} = ${parameter?.rows}×${parameter?.columns}`;
  if (kind === 'parameter')
    return `${name} = ${JSON.stringify({ ...parameter?.initialiser, trained: parameter?.trained })}`;
  const [section, option] = kind.split('.') as ['model' | 'train' | 'task', never];
  return `= ${JSON.stringify(checked[section]?.[option])}`;
}

/** Tells whether an expected vector is the observed one to nine decimals. */
export function agrees(observed: readonly Float64Array[], rest: string): boolean {
  const wanted = readSteps(rest.replace('=', ''));
  return (
    wanted.length === observed.length &&
    wanted.every(
      (step, t) =>
        step.length === observed[t].length &&
        step.every((number, unit) => Math.abs(number - observed[t][unit]) < 5e-10),
    )
  );
}

const showValues = (values: readonly Float64Array[]): string =>
  `= ${values.map((step) => [...step].map((value) => Number(value.toPrecision(12))).join(' ')).join(' | ')}`;

/** Writes into every file of the corpus the values that its expectations have now. */
export function updateCorpus(): void {
  for (const one of readCorpus()) {
    const text = updated(one);
    if (text !== one.text) writeFileSync(one.path, text);
  }
}

/** Returns the case's text with expectations that hold. New messages follow their line; other lines stay. */
export function updated(one: Case): string {
  const messages = observedMessages(one);
  const take = (line: number): string | undefined => {
    const index = messages.findIndex((message) => message.line <= line);
    return index < 0 ? undefined : messages.splice(index, 1)[0].text;
  };
  const written = new Set<string>();
  const result: string[] = [];
  let code = 0;
  const flush = (before: number) => {
    for (let text = take(before); text !== undefined; text = take(before)) result.push(`  # expect: ${text}`);
  };
  for (const [line, content] of one.text.split('\n').entries()) {
    if (/^\s*[^\s#]/.test(content)) {
      if (line > 0) flush(line - 1);
      code = line;
    }
    const [, before, kind, rest] = /^(.*?)# expect: (\S+) ?(.*)$/.exec(content) ?? [];
    if (kind === undefined) {
      result.push(content);
      continue;
    }
    const expectation = { kind, rest, line: code };
    const push = (text: string) => result.push(`${before}# expect: ${text}`);
    if (isMessage(expectation)) {
      const text = take(code);
      if (text !== undefined) push(text);
      else if (before.trim() !== '') result.push(before.trimEnd());
    } else if (isGraph(expectation)) {
      if (!written.has(kind)) for (const text of observedGraph(one, kind)) push(`${kind} ${text}`);
      written.add(kind);
    } else push(`${kind} ${updatedRest(one, expectation)}`);
  }
  flush(Number.POSITIVE_INFINITY);
  return result.join('\n');
}

function updatedRest(one: Case, expectation: Expectation): string {
  const { kind, rest, line } = expectation;
  if (kind === 'mended') {
    const mends = observedMends(one, line);
    const lines = new Set(one.text.split('\n').map((each) => each.replace(/#.*/, '').trim()));
    return mends.includes(rest) ? rest : (mends.find((each) => !lines.has(each)) ?? rest);
  }
  if (!isValues(expectation)) return observedRest(one, expectation);
  const values = observedValues(one, kind);
  return agrees(values, rest) ? rest : showValues(values);
}

const otherKinds: ReadonlySet<string> = new Set(['mended', 'order', 'shape', 'parameter']);

/** Tells whether the kind is the name of a vector, whose values are expected, as every other kind is. */
export const isValues = (expectation: Expectation): boolean =>
  !isMessage(expectation) &&
  !isGraph(expectation) &&
  !otherKinds.has(expectation.kind) &&
  !expectation.kind.includes('.');
