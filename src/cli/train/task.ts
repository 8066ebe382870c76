// Reads the task that `train` is to train for from its arguments.
import { Problem } from '../../protocol/problem.ts';
import { type TaskChoice, taskNames } from '../../protocol/task.ts';
import { taskNameOf } from '../../training/configuration.ts';
import { readOne } from '../documents.ts';

interface TaskArguments {
  readonly task?: string | undefined;
  readonly reads?: string | undefined;
  readonly writes?: string | undefined;
  readonly 'held-out'?: string | undefined;
  /** Whether a held-out file that looks like secrets is read too. */
  readonly secrets: boolean;
}

/**
 * Returns the task; undefined where no argument says anything of one. Its kind is that of `--task`, else that of the `.rnn`
 * file, and else an acceptor's.
 *
 * @param definition the text of the `.rnn` file; null where there is none
 * @throws Problem when there is no such task, the arguments belong to another one, or the held-out file cannot be read
 */
export async function taskArgument(
  { task, reads, writes, 'held-out': heldOut, secrets }: TaskArguments,
  definition: string | null,
): Promise<TaskChoice | undefined> {
  const name = taskNames.find((each) => each === task);
  if (task !== undefined && name === undefined)
    throw new Problem(`--task is one of ${taskNames.join(', ')}, not ${JSON.stringify(task)}.`);
  const isTable = [reads, writes, heldOut].some((each) => each !== undefined);
  const columns = (names: string | undefined) => names?.split(',') ?? null;
  if (name === 'language model') {
    if (isTable)
      throw new Problem(
        '--reads, --writes and --held-out belong to the tasks of tables and of tagged texts.',
      );
    return { kind: name };
  }
  if (name === undefined && !isTable) return undefined;
  const said = name ?? taskNameOf(undefined, definition);
  // A file without a section `task` says nothing of tables.
  const kind = said === 'language model' ? 'acceptor' : said;
  if (kind === 'forecaster') {
    if (heldOut !== undefined)
      throw new Problem('A forecaster holds out the newest rows of its table: leave out --held-out.');
    return { kind, reads: columns(reads), writes: columns(writes) };
  }
  return {
    kind,
    reads: columns(reads),
    writes: writes ?? null,
    heldOut: heldOut === undefined ? null : await readOne(heldOut, secrets),
  };
}
