// Plans the memory of a network in training: where parameters, moments, gradients and tapes stand. Nothing is
// allocated for it, so that a network can be refused before it is made.
import { readsBothWays } from '../../tape/architecture.ts';
import { type Compiled, compileForward, compileTraining } from '../../tape/compile.ts';
import { parameters } from '../../tape/parameters.ts';
import { carrySize } from '../../tape/planning/carry.ts';
import { reservedWords } from '../../tape/planning/kernels.ts';
import { aligned, type Layout, layOutParameters } from '../../tape/planning/layout.ts';
import {
  type LookupTableLocations,
  type LookupTables,
  reserveLookupTables,
} from '../../tape/planning/lookupTables.ts';
import { type Plan, plan } from '../../tape/planning/plan.ts';
import type { Architecture, TrainingShape } from '../engine.ts';
import { momentCount } from '../momentCount.ts';
import { controlSize } from './control.ts';

/** A text is read without learning in segments of this many steps, to bound memory. */
export const segmentSteps = 32;

/** Whether rows are read whole, because a layer reads them from their end too, or an encoder their sources. */
export const isReadWhole = (architecture: Architecture): boolean =>
  readsBothWays(architecture) || architecture.encoder !== undefined;

/** All locations are words of 32 bits. */
export interface NetworkPlan {
  readonly training: Compiled;
  /** The forward pass with losses. */
  readonly reading: Compiled;
  readonly layout: Layout;
  /** The first word of each of the optimiser's moments. */
  readonly moments: readonly number[];
  /** The first word of the streams' carried states. */
  readonly carry: number;
  /** The first word of the carried states of an evaluation. */
  readonly evaluationCarry: number;
  readonly control: number;
  /** The first word of each part's gradients. */
  readonly gradients: readonly number[];
  readonly tables: LookupTableLocations | null;
  readonly tapesStart: number;
  /** The tapes of each part of the batch, for training and for evaluation; both use the same memory. */
  readonly tapes: readonly { readonly tape: Plan; readonly readingTape: Plan }[];
  /** The first word behind all of it. */
  readonly end: number;
}

/** @param threads the number of parts of a batch */
export function planNetwork(
  threads: number,
  architecture: Architecture,
  { batch, steps, positions = 0, dropout, optimizer }: TrainingShape,
  tables: LookupTables | null,
): NetworkPlan {
  const training = compileTraining(architecture, { dropout: dropout > 0, batch });
  const reading = compileForward(architecture, { dropout: false, batch, losses: true });
  const layout = layOutParameters(parameters(architecture), [training.graph, reading.graph], reservedWords);
  let end = layout.end;
  const reserve = (words: number) => {
    const at = end;
    end = aligned(end + words);
    return at;
  };
  const parts = Math.max(1, Math.min(threads, batch));
  const moments = Array.from({ length: momentCount[optimizer.kind] }, () => reserve(layout.trained));
  const carry = reserve(carrySize(training.graph.states, batch));
  const evaluationCarry = reserve(carrySize(training.graph.states, batch));
  const control = reserve(controlSize(parts));
  const gradients = Array.from({ length: parts }, () => reserve(layout.trained));
  const tableLocations = tables && reserveLookupTables(tables, reserve);
  const tapesStart = end;
  const tapes = gradients.map((of, part) => {
    const firstRow = Math.floor((part * batch) / parts);
    const rows = Math.floor(((part + 1) * batch) / parts) - firstRow;
    const here = { rows, firstRow, batch, positions, layout, start: end, tables: tableLocations };
    const tape = plan(training.graph, { ...here, steps, carry, gradients: of });
    const readingTape = plan(reading.graph, {
      ...here,
      steps: isReadWhole(architecture) ? steps : segmentSteps,
      carry: evaluationCarry,
      gradients: 0,
    });
    end = Math.max(tape.end, readingTape.end);
    return { tape, readingTape };
  });
  return {
    ...{ training, reading, layout, moments, carry, evaluationCarry, control, gradients },
    ...{ tables: tableLocations, tapesStart, tapes, end },
  };
}
