// Shows lists to pick from and input boxes. VS Code turns `$(name)` in their items into icons, and links in
// their prompts work, so all their texts are escaped here.
import {
  type InputBoxOptions,
  type QuickPick,
  type QuickPickItem,
  type QuickPickOptions,
  window,
} from 'vscode';
import { shown } from '../../protocol/shownText.ts';

/** Resolves to the picked item; undefined if there is none. */
export async function pick<Item extends QuickPickItem>(
  items: readonly Item[],
  options: QuickPickOptions,
): Promise<Item | undefined> {
  const picked = await window.showQuickPick(items.map(shownItem), shownOptions(options));
  return picked?.item;
}

export async function pickMany<Item extends QuickPickItem>(
  items: readonly Item[],
  options: QuickPickOptions,
): Promise<Item[] | undefined> {
  const picked = await window.showQuickPick(items.map(shownItem), {
    ...shownOptions(options),
    canPickMany: true,
  });
  return picked?.map(({ item }) => item);
}

export type Shown<Item> = QuickPickItem & { readonly item: Item };

/** Creates a list whose items come from `shownItem`. */
export const createPick = <Item extends QuickPickItem>(): QuickPick<Shown<Item>> =>
  window.createQuickPick<Shown<Item>>();

export function shownItem<Item extends QuickPickItem>(item: Item): Shown<Item> {
  const { label, description, detail, kind, picked } = item;
  return {
    item,
    label: shown(label),
    ...(description === undefined ? {} : { description: shown(description) }),
    ...(detail === undefined ? {} : { detail: shown(detail) }),
    ...(kind === undefined ? {} : { kind }),
    ...(picked === undefined ? {} : { picked }),
  };
}

/**
 * Resolves to the line; undefined if the user dismissed the box. Its `value` is not escaped, because it is
 * edited.
 */
export function inputLine(options: InputBoxOptions): Thenable<string | undefined> {
  return window.showInputBox(shownOptions(options));
}

function shownOptions<
  Options extends { readonly title?: string; readonly prompt?: string; readonly placeHolder?: string },
>(options: Options): Options {
  const texts = Object.entries({
    title: options.title,
    prompt: options.prompt,
    placeHolder: options.placeHolder,
  }).flatMap(([name, text]) => (text === undefined ? [] : [[name, shown(text)] as const]));
  return { ...options, ...Object.fromEntries(texts) };
}
