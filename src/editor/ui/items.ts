// What stands in the window all the time: the status bar, the status of a language, the tree of models, the lenses
// above a cell. VS Code makes icons of `$(name)` in most of their texts, and links in some: all texts go through here.
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

/** On the right; its text is set by `setStatus`. */
export function statusBarItem(id: string, priority: number, name: string): StatusBarItem {
  const item = window.createStatusBarItem(id, StatusBarAlignment.Right, priority);
  item.name = shown(name);
  return item;
}

/** @param icons of VS Code, before and after the text: `check`, `loading~spin` */
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
