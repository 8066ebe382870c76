import { expect, test } from 'vitest';
import { cellsWithoutEncoder } from '../../../src/cells/index.ts';
import { compileRecurrence, compileTraining } from '../../../src/tape/compile.ts';
import { schedule } from '../../../src/tape/planning/schedule.ts';
import { type Block, store } from '../../../src/tape/planning/storage.ts';
import { builtin, network } from '../../backend/networks.ts';

const [rows, steps] = [3, 7];

const sizeOf = ({ width, rows: of, before, after, lasting }: Block) =>
  width * of * (lasting ? before + steps + after : 1);

function storage(name: string, layers: number) {
  const one = builtin(name);
  const { graph } = compileTraining(network(Array(layers).fill(one)), { dropout: false, batch: rows });
  return store(graph, schedule(graph), { rows, steps, positions: 0 });
}

function recurrence(name: string) {
  const { graph } = compileRecurrence(builtin(name), { x: 3, h: 4, y: 5 });
  return store(graph, schedule(graph), { rows, steps, positions: 0 });
}

const cells = [...cellsWithoutEncoder.keys()];
const kinds = { network: (name: string) => storage(name, 2), recurrence };
const cases = cells.flatMap((name) =>
  (name === 'Jordan' ? (['network'] as const) : (['network', 'recurrence'] as const)).map(
    (kind) => [name, kind] as const,
  ),
);
test.each(cases)('%s, %s: blocks that live at the same time do not overlap', (name, kind) => {
  const { blocks, size } = kinds[kind](name);
  for (const [index, a] of blocks.entries()) {
    expect(a.at + sizeOf(a)).toBeLessThanOrEqual(size);
    for (const b of blocks.slice(index + 1)) {
      const together = a.start <= b.end && b.start <= a.end;
      const apart = a.at + sizeOf(a) <= b.at || b.at + sizeOf(b) <= a.at;
      expect(!together || apart).toBe(true);
    }
  }
});

test('memory is used again', () => {
  const { blocks, size } = storage('LSTM', 3);
  const sum = blocks.reduce((words, block) => words + sizeOf(block), 0);
  expect(size).toBeLessThan(sum * 0.8);
});

test('the gates of an LSTM are computed in one place', () => {
  const { graph } = compileTraining(network([builtin('LSTM')]), { dropout: false, batch: rows });
  const { home } = store(graph, schedule(graph), { rows, steps, positions: 0 });
  const of = (kind: string) => graph.nodes().filter(({ operation }) => operation.kind === kind);
  const [gates] = of('gather');
  const [recurrent] = of('matmul').filter(({ width }) => width === gates.width);
  const { block } = home(gates);
  expect(home(recurrent)).toEqual({ block, column: 0 });
  expect(of('sigmoid').map(home)).toEqual([{ block, column: 0 }]);
  expect(home(of('tanh').find((node) => home(node).block === block)!)).toEqual({ block, column: 12 });
});
