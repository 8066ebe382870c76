// Reads the task that `train` is to train for from its arguments.
import { readCells } from '../language/check.ts';
import { completeTask } from '../language/optionTable.ts';
import { Problem } from '../protocol/problem.ts';
import { type TaskChoice, type TaskName, taskNames } from '../protocol/task.ts';
import { readText } from './arguments.ts';

interface TaskArguments {
  readonly task?: string | undefined;
  readonly reads?: string | undefined;
  readonly writes?: string | undefined;
  readonly 'held-out'?: string | undefined;
}

/**
 * Returns the task; undefined where no argument says anything of one.
 *
 * @throws Problem when there is no such task, or the arguments belong to another one
 */
export function taskArgument({
  task,
  reads,
  writes,
  'held-out': heldOut,
}: TaskArguments): TaskChoice | undefined {
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
  if (name === 'forecaster') {
    if (heldOut !== undefined)
      throw new Problem('A forecaster holds out the newest rows of its table: leave out --held-out.');
    return { kind: name, reads: columns(reads), writes: columns(writes) };
  }
  return {
    kind: name ?? 'acceptor',
    reads: columns(reads),
    writes: writes ?? null,
    heldOut: heldOut === undefined ? null : readText(heldOut),
  };
}

/** Returns the name of what is trained for. @param definition the text of a `.rnn` file */
export function taskNameOf(task: TaskChoice | undefined, definition: string | null): TaskName {
  if (task) return task.kind;
  const said = definition === null ? null : readCells(definition).task;
  return said ? completeTask(said).kind : 'language model';
}
