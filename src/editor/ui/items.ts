// Creates the permanent items of the window: those of the status bar, the language status, the tree of models
// and the lenses above a cell. VS Code turns `$(name)` in most of their texts into icons, and some texts into
// links, so all texts are escaped here.
import {
  CodeLens,
  type Command,
  type DocumentSelector,
  type LanguageStatusItem,
  languages,
  type Range,
  StatusBarAlignment,
  type StatusBarItem,
  TreeItem,
  window,
} from 'vscode';
import { shown } from '../../protocol/shownText.ts';

/** Creates an item on the right of the status bar; `setStatus` sets its text. */
export function statusBarItem(id: string, priority: number, name: string): StatusBarItem {
  const item = window.createStatusBarItem(id, StatusBarAlignment.Right, priority);
  item.name = shown(name);
  return item;
}

/**
 * @param icons the names of VS Code's icons before and after the text, such as `check`. None may spin: VS Code draws the
 * window twenty times a second for it, for as long as it is shown, also where the user wants less motion.
 */
export function setStatus(item: StatusBarItem, [before, ...after]: readonly string[], text: string): void {
  item.text = [`$(${before})`, shown(text), ...after.map((icon) => `$(${icon})`)].join(' ');
}

export function languageStatusItem(id: string, selector: DocumentSelector, name: string): LanguageStatusItem {
  const item = languages.createLanguageStatusItem(id, selector);
  item.name = shown(name);
  return item;
}

export function setLanguageStatus(item: LanguageStatusItem, text: string, detail: string): void {
  item.text = shown(text);
  item.detail = shown(detail);
}

export function treeItem(label: string, description: string): TreeItem {
  const item = new TreeItem(shown(label));
  item.description = shown(description);
  return item;
}

export function codeLens(range: Range, { title, ...command }: Command): CodeLens {
  return new CodeLens(range, { ...command, title: shown(title) });
}
