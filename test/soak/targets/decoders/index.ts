// Compiles decoders that look at positions of a source, and compares them with plain loops in 64 bits, and with
// differences of those.
import * as fc from 'fast-check';
import { startWasm } from '../../../../src/backend/wasm/engine.ts';
import { readCells } from '../../../../src/language/check.ts';
import { readKernels } from '../../../kernels/modules.ts';
import { type Session, target } from '../../target.ts';
import { checkDecoder, type DecoderFigures, type DecoderSetting } from './check.ts';
import { decoderOf, mutatedDecoder } from './grammar.ts';

/** There are 7! numbers, so that a choice among up to seven is fair. */
const choice = fc.nat(5039);
const from = (maxLength: number) => fc.array(choice, { maxLength, size: 'max' });

interface Input extends DecoderSetting {
  readonly cell: string;
}

const settings: fc.Arbitrary<DecoderSetting> = fc.record({
  hidden: fc.constantFrom(3, 2, 1, 4, 5),
  embedding: fc.constantFrom(0, 2, 3),
  batch: fc.integer({ min: 1, max: 3 }),
  steps: fc.integer({ min: 1, max: 4 }),
  positions: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat(1000),
});

export default target<Input>({
  name: 'decoders',
  claim:
    'Every decoder that the language accepts compiles, and its losses, gradients and predictions are those of plain loops in 64 bit and of their differences.',
  weight: 1,
  inputs: fc
    .tuple(
      fc.oneof(
        { weight: 2, arbitrary: from(40).map(decoderOf) },
        { weight: 1, arbitrary: from(16).map(mutatedDecoder) },
      ),
      settings,
    )
    .map(([cell, setting]) => ({ cell, ...setting })),
  open,
});

async function open(): Promise<Session<Input>> {
  const engine = (await startWasm({ read: readKernels, threads: 1, spawn: null }))!;
  const figures: DecoderFigures = {
    accepted: 0,
    rejected: 0,
    'not finite': 0,
    unsettled: 0,
    kinks: 0,
    'ill-conditioned': 0,
    'worst gradient': 0,
    'worst difference of engines': 0,
  };
  return {
    check({ cell: text, ...setting }) {
      const { cells, diagnostics } = readCells(text);
      const [cell] = cells;
      if (diagnostics.some(({ severity }) => severity === 'error') || cells.length !== 1) {
        figures.rejected++;
        return;
      }
      figures.accepted++;
      checkDecoder(cell, setting, engine, figures);
    },
    figures: () => figures,
    close: async () => {},
  };
}
