// Begins a run with the weights of an earlier model of a table.
import type { Weights } from '../backend/engine.ts';
import { Problem } from '../protocol/problem.ts';
import type {
  StoredPairs,
  StoredRegression,
  StoredSeries,
  StoredTable,
  StoredTagging,
} from '../protocol/task.ts';
import type { Files } from '../store/files.ts';
import { readBestState } from '../store/modelFolder.ts';
import type { PreparedTask } from '../tasks/task.ts';
import { type NamedNetwork, warmStart } from '../training/warmStart.ts';

interface Described {
  readonly table?: StoredTable | null | undefined;
  readonly regression?: StoredRegression | null | undefined;
  readonly tagging?: StoredTagging | null | undefined;
  readonly series?: StoredSeries | null | undefined;
  readonly pairs?: StoredPairs | null | undefined;
}

/** Returns the names of what a network reads and predicts, by their indices. */
function endsOf(
  { table, regression, tagging, series, pairs }: Described,
  symbols: readonly string[],
): Pick<NamedNetwork, 'inputs' | 'outputs' | 'sources'> {
  if (tagging) return { inputs: tagging.features, outputs: tagging.classes };
  if (table) return { inputs: symbols, outputs: table.classes };
  if (regression)
    return {
      inputs: regression.kind === 'numbers' ? ['number'] : symbols,
      outputs: ['mean', 'spread'],
    };
  if (pairs) {
    const { source, target, reads } = pairs;
    const tokens = [...target.characters, 'boundary'];
    const sources =
      source.kind === 'numbers' ? reads : source.kind === 'category' ? source.categories : source.characters;
    return { inputs: tokens, outputs: tokens, sources };
  }
  // A number has a mean and a spread.
  const moments = ['mean', 'spread'].flatMap((moment) =>
    (series?.writes ?? []).map((name) => `${moment} ${name}`),
  );
  return { inputs: series?.reads ?? [], outputs: moments };
}

/**
 * Returns the weights that a run begins with, and a sentence on where they come from.
 * @param directory the folder of the earlier model; its state is that before it learned the held-out part, on which this
 * run is to be measured
 * @param initial the weights that it would begin with otherwise
 */
export function beginWith(
  files: Files,
  directory: string,
  task: PreparedTask,
  initial: Weights,
): { readonly weights: Weights; readonly remark: string } {
  try {
    const { manifest, tokenizer, architecture, weights } = readBestState(files, directory);
    if (manifest.task !== task.name || manifest.task === 'language model')
      throw new Problem('It was trained for another task.');
    const earlier = { architecture, weights, ...endsOf(manifest, tokenizer?.symbols ?? []) };
    const now = endsOf(task, task.tokenizer?.symbols ?? []);
    const isNew = (names: readonly string[], known: readonly string[]) =>
      names.filter((name) => !known.includes(name)).length;
    const outputs = isNew(now.outputs, earlier.outputs);
    return {
      weights: warmStart({ architecture: task.architecture, weights: initial, ...now }, earlier),
      remark: `The run begins with the weights of the earlier one, as they were before it learned the held-out rows${outputs === 0 ? '' : `; ${outputs === 1 ? 'one output is' : `${outputs} outputs are`} new`}.`,
    };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return {
      weights: initial,
      remark: `The weights of the earlier run cannot be used, so that this one begins anew. ${error.message}`,
    };
  }
}
