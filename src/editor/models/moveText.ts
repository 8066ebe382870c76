// Moves what is known of a text to where it is now. It is a bundle of its own, which is loaded when a text is moved.
import { basename } from 'node:path';
import type { Memento, Uri } from 'vscode';
import { type Tasks, tasksKey } from '../table/remembered.ts';
import { movedUri } from '../text/movedUri.ts';
import type { Choices, ChoicesState, Use } from './choices.ts';

/** A model, and the URI that its text had. */
export interface ModelOfText {
  readonly directory: string;
  readonly uri: string | null;
}

/** Follows a text that has been moved, or a folder of texts. What was known of a text that it replaces is forgotten. */
export async function moveText(
  choices: Choices,
  memento: Memento,
  models: readonly ModelOfText[],
  from: Uri,
  to: Uri,
): Promise<void> {
  await choices.change((before) => movedChoices(before, models, from, to));
  const tasks = movedTasks(memento.get<Tasks>(tasksKey, []), from, to);
  if (tasks) await memento.update(tasksKey, tasks);
}

/** Returns the choices after the move; null where they stay what they are. */
function movedChoices(
  { names, uses, places }: ChoicesState,
  models: readonly ModelOfText[],
  from: Uri,
  to: Uri,
): ChoicesState | null {
  const placed = models.flatMap(({ directory, uri }) => {
    const before = places[basename(directory)] ?? uri;
    const now = before === null ? null : movedUri(before, from, to);
    return now === null ? [] : [[basename(directory), now] as const];
  });
  const followed = uses.flatMap((use) => {
    const what = use.kind === 'file' ? movedUri(use.what, from, to) : null;
    return what === null ? [] : [{ ...use, what }];
  });
  if (placed.length === 0 && followed.length === 0) return null;
  const isLeft = ({ kind, what }: Use) =>
    kind !== 'file' || (movedUri(what, from, to) === null && !followed.some((moved) => moved.what === what));
  return {
    names,
    uses: [...uses.filter(isLeft), ...followed],
    places: { ...places, ...Object.fromEntries(placed) },
  };
}

/** Returns the remembered tasks after the move; null where they stay what they are. */
function movedTasks(all: Tasks, from: Uri, to: Uri): Tasks | null {
  const moved = all.map(([uri, choice]) => [movedUri(uri, from, to), choice] as const);
  const after = new Set(moved.map(([uri]) => uri));
  if (after.size === 1 && after.has(null)) return null;
  return all.flatMap(([uri, choice], index): Tasks => {
    const [now] = moved[index];
    if (now !== null) return [[now, choice]];
    return after.has(uri) ? [] : [[uri, choice]];
  });
}
