// Remembers how a document was understood when it was trained on last.
import type { Memento, Uri } from 'vscode';
import type { TaskChoice } from '../../protocol/task.ts';
import { movedUri } from '../text/movedUri.ts';

const key = 'tasks';

/** The number of documents that are remembered. */
const most = 200;

type Tasks = readonly (readonly [uri: string, choice: TaskChoice])[];

export function rememberedTask(memento: Memento, uri: Uri): TaskChoice | null {
  const found = memento.get<Tasks>(key, []).find(([each]) => each === uri.toString());
  return found ? found[1] : null;
}

export async function rememberTask(memento: Memento, uri: Uri, choice: TaskChoice): Promise<void> {
  const others = memento.get<Tasks>(key, []).filter(([each]) => each !== uri.toString());
  await memento.update(key, [[uri.toString(), choice], ...others].slice(0, most));
}

/** Follows a document that has been moved, or a folder of documents; one that is replaced is forgotten. */
export async function moveRememberedTasks(memento: Memento, from: Uri, to: Uri): Promise<void> {
  const all = memento.get<Tasks>(key, []);
  const moved = all.map(([uri, choice]) => [movedUri(uri, from, to), choice] as const);
  const after = new Set(moved.map(([uri]) => uri));
  if (after.size === 1 && after.has(null)) return;
  const tasks = all.flatMap(([uri, choice], index): Tasks => {
    const [now] = moved[index];
    if (now !== null) return [[now, choice]];
    return after.has(uri) ? [] : [[uri, choice]];
  });
  await memento.update(key, tasks);
}
