// The acceptor reads a whole row and names its class (many-to-one; Goldberg 2016). It is judged by its accuracy.
import { TableDataset, type TableOptions } from '../../data/table/tableDataset.ts';
import { Problem } from '../../protocol/problem.ts';
import type { HeadKind } from '../../tape/architecture.ts';
import { architecture } from '../../training/configuration.ts';
import { learnHeldOut } from '../../training/learnHeldOut.ts';
import { accuracy } from '../../training/measure.ts';
import type { PreparedTask, TaskRequest } from '../task.ts';

/** What of the last layer's vectors the class is read from: the last one, or the mean or maximum of all. */
export type Pool = 'last' | 'mean' | 'max';

/** A table to classify the rows of. */
export interface TableRequest extends TaskRequest {
  readonly table: Omit<TableOptions, 'tokens'>;
  readonly pool: Pool;
}

const heads: Readonly<Record<Pool, HeadKind>> = {
  // Only a row's last step has a target, so that its vector alone is read.
  last: { kind: 'every step' },
  mean: { kind: 'pooled', pool: 'mean' },
  max: { kind: 'pooled', pool: 'max' },
};

/** @throws Problem when the table cannot be trained on, or the network cannot be computed */
export async function prepareAcceptor({
  table,
  pool,
  configuration: { model, train, cells },
  earlier,
}: TableRequest): Promise<PreparedTask & { readonly dataset: TableDataset }> {
  if (model.tied)
    throw new Problem(
      'The outputs of an acceptor are classes, and its embedding is of tokens: they cannot be tied. Set `model.tied` to false.',
    );
  const tokens = earlier?.tokenizer ?? (model.tokens === 'auto' ? 'characters' : model.tokens);
  const dataset = new TableDataset({ ...table, tokens });
  const { tokenizer, classes, charactersPerToken } = dataset;
  return {
    name: 'acceptor',
    dataset,
    lossUnit: 'bits per row',
    metric: accuracy,
    architecture: architecture(tokenizer.size, model, cells, { outputs: classes.length, head: heads[pool] }),
    tokenizer,
    text: table.source,
    start: {
      vocabulary: tokenizer.size,
      tokens: { kind: tokenizer.kind, length: charactersPerToken },
      characters: table.source.length,
      remarks: dataset.remarks,
    },
    spent: 0,
    // It generates no text.
    sample: () => null,
    async finish({ trained, network }) {
      // A user who stops a run wants it to end.
      const isStopped = trained.result.end === 'stopped';
      const held = isStopped ? null : learnHeldOut(dataset, train, network, trained);
      return { learned: held?.weights ?? null, mixture: null, remarks: held?.remark ? [held.remark] : [] };
    },
  };
}
