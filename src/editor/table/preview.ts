// Shows what a document would become, beside what it is, while a list of choices stands above.
import {
  commands,
  Disposable,
  EventEmitter,
  type QuickPickItem,
  TabInputTextDiff,
  type TextDocument,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { shown } from '../../protocol/shownText.ts';
import { createPick, shownItem } from '../ui/quickInput.ts';

const scheme = 'unroll-filled';

export interface Previewed<Item> {
  /** The title of the comparison. */
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly Item[];
  /** Returns the document's text as a choice makes it. */
  text(item: Item): string;
}

/** Resolves to the item that is chosen; undefined if there is none. The comparison is closed then. */
export async function previewPick<Item extends QuickPickItem>(
  document: TextDocument,
  { title, placeholder, items, text }: Previewed<Item>,
): Promise<Item | undefined> {
  const uri = document.uri.with({ scheme, query: document.uri.toString() });
  const changes = new EventEmitter<Uri>();
  let filled = text(items[0]);
  const content = { onDidChange: changes.event, provideTextDocumentContent: () => filled };
  const quickPick = createPick<Item>();
  const registered = Disposable.from(
    workspace.registerTextDocumentContentProvider(scheme, content),
    changes,
    quickPick,
  );
  try {
    await commands.executeCommand('vscode.diff', document.uri, uri, title, { preview: true });
    quickPick.title = shown(title);
    quickPick.placeholder = shown(placeholder);
    quickPick.items = items.map(shownItem);
    // The comparison can be scrolled while the list is open.
    quickPick.ignoreFocusOut = true;
    const { promise, resolve } = Promise.withResolvers<Item | undefined>();
    quickPick.onDidChangeActive(([active]) => {
      if (!active) return;
      filled = text(active.item);
      changes.fire(uri);
    });
    quickPick.onDidAccept(() => resolve(quickPick.activeItems[0]?.item));
    quickPick.onDidHide(() => resolve(undefined));
    quickPick.show();
    return await promise;
  } finally {
    registered.dispose();
    const isOurs = (input: unknown) =>
      input instanceof TabInputTextDiff && input.modified.toString() === uri.toString();
    const tabs = window.tabGroups.all.flatMap((group) => group.tabs.filter((tab) => isOurs(tab.input)));
    await window.tabGroups.close(tabs);
  }
}
