// Remembers how a document was understood when it was trained on last.
import type { Memento, Uri } from 'vscode';
import type { TaskChoice } from '../../protocol/task.ts';

/** The key of the tasks in the workspace's state. */
export const tasksKey = 'tasks';

/** The number of documents that are remembered. */
const most = 200;

export type Tasks = readonly (readonly [uri: string, choice: TaskChoice])[];

export function rememberedTask(memento: Memento, uri: Uri): TaskChoice | null {
  const found = memento.get<Tasks>(tasksKey, []).find(([each]) => each === uri.toString());
  return found ? found[1] : null;
}

export async function rememberTask(memento: Memento, uri: Uri, choice: TaskChoice): Promise<void> {
  const others = memento.get<Tasks>(tasksKey, []).filter(([each]) => each !== uri.toString());
  await memento.update(tasksKey, [[uri.toString(), choice], ...others].slice(0, most));
}
