// Compiles random cells and compares them with plain loops in 64 bits, and with differences of those.
import * as fc from 'fast-check';
import type { Engine } from '../../../../src/backend/engine.ts';
import { startWasm } from '../../../../src/backend/wasm/engine.ts';
import type { CheckedCell } from '../../../../src/language/cell.ts';
import { readCells } from '../../../../src/language/check.ts';
import { readKernels } from '../../../kernels/modules.ts';
import { type Session, target } from '../../target.ts';
import { CellCheck } from './check.ts';
import type { Figures } from './figures.ts';
import { cellOf } from './grammar.ts';
import { mutated } from './mutations.ts';
import { type Setting, settingOf } from './setting.ts';

/** There are 7! numbers, so that a choice among up to seven is fair. */
const choice = fc.nat(5039);
const from = (maxLength: number) => fc.array(choice, { maxLength, size: 'max' });

const cells = fc.oneof(
  { weight: 3, arbitrary: from(60).map(cellOf) },
  { weight: 1, arbitrary: from(24).map(mutated) },
);

const units = fc.constantFrom(3, 2, 1, 4, 5, 9);

const settings: fc.Arbitrary<Setting> = fc.record({
  hidden: fc.array(units, { minLength: 1, maxLength: 2 }),
  vocabulary: fc.constantFrom(4, 2, 3, 6),
  embedding: fc.constantFrom(0, 0, 2, 3),
  tied: fc.constantFrom(false, false, false, true),
  batch: fc.integer({ min: 1, max: 3 }),
  parts: fc.integer({ min: 1, max: 2 }),
  steps: fc.integer({ min: 1, max: 5 }),
  carry: fc.integer({ min: 1, max: 5 }),
  countFrom: fc.nat(4),
  seed: fc.nat(1000),
});

interface Input extends Setting {
  readonly cell: string;
}

export default target<Input>({
  name: 'cells',
  claim:
    'Every cell that the language accepts compiles, and its losses and gradients are those of plain loops in 64 bit and of their differences.',
  weight: 2,
  inputs: fc.tuple(cells, settings).map(([cell, setting]) => ({ cell, ...setting })),
  open,
});

async function open(): Promise<Session<Input>> {
  const engines: Engine[] = [];
  for (const threads of [1, 2]) engines.push((await startWasm({ read: readKernels, threads, spawn: null }))!);
  const figures: Figures = {
    accepted: 0,
    rejected: 0,
    'not finite': 0,
    'at a kink': 0,
    'at a singular point': 0,
    'differences that do not settle': 0,
    directions: 0,
    'ill-conditioned': 0,
    'worst gradient': 0,
    'worst difference of engines': 0,
    'longest, ms': 0,
  };
  return {
    check({ cell: text, ...setting }) {
      const began = performance.now();
      const { cells, diagnostics } = readCells(text);
      const wrong = diagnostics.some(({ severity }) => severity === 'error');
      if (wrong || cells.length !== 1) {
        figures.rejected++;
        return;
      }
      const [cell]: readonly CheckedCell[] = cells;
      // A decoder needs an encoder, which this network has none of.
      if (cell.readsGiven || cell.readsPositions) {
        figures.rejected++;
        return;
      }
      figures.accepted++;
      const settled = settingOf(cell, setting);
      new CellCheck(cell, settled, engines[settled.parts - 1], figures).run();
      figures['longest, ms'] = Math.max(figures['longest, ms'], Math.round(performance.now() - began));
    },
    figures: () => ({
      ...figures,
      'accepted, %': (100 * figures.accepted) / Math.max(1, figures.accepted + figures.rejected),
    }),
    close: async () => {},
  };
}
