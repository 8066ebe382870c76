// The commands 'Show Surprise', 'Show Unit' and 'Show Tags' colour one document at a time, by one quantity.
import {
  Disposable,
  l10n,
  type QuickPickItem,
  QuickPickItemKind,
  Range,
  type TextDocument,
  type TextEditor,
  window,
  workspace,
} from 'vscode';
import { commands as names, settingsSection } from '../../contributions.ts';
import type { Unit } from '../../protocol/inspector.ts';
import type { Model, Models } from '../models/models.ts';
import type { Diary } from '../report/diary.ts';
import { say, withProgress } from '../ui/messages.ts';
import { createPick, shownItem } from '../ui/quickInput.ts';
import type { InspectorClient } from '../workers/inspectorClient.ts';
import { type AskedCapability, modelFor } from './modelFor.ts';
import { surpriseScale } from './tint/surprise.ts';
import { tagScale } from './tint/tags.ts';
import { type Scale, Tint } from './tint/tint.ts';
import { followingOf, nameOf, unitScale } from './tint/unit.ts';

/** The number of characters around the cursor that the ranking of units is computed on. */
const rankedOn = 16_000;

type Command = typeof names.showSurprise | typeof names.showUnit | typeof names.showTags;

export class Tints implements Disposable {
  readonly #models: Models;
  readonly #inspector: InspectorClient;
  readonly #diary: Diary;
  readonly #subscriptions: Disposable;
  #shown: { readonly command: Command; readonly tint: Tint } | null = null;
  /** The number of commands so far. */
  #commands = 0;

  constructor(models: Models, inspector: InspectorClient, diary: Diary) {
    this.#models = models;
    this.#inspector = inspector;
    this.#diary = diary;
    this.#subscriptions = Disposable.from(
      workspace.onDidCloseTextDocument((document) => {
        if (document === this.#shown?.tint.document) this.#hide();
      }),
      workspace.onDidChangeConfiguration((event) => {
        if (
          event.affectsConfiguration(`${settingsSection}.surprise`) &&
          this.#shown?.command === names.showSurprise
        )
          this.#shown.tint.restart();
      }),
    );
  }

  async showSurprise(hide = false): Promise<void> {
    const editor = await this.#begin(names.showSurprise, 'surprise', hide);
    if (editor)
      this.#show(names.showSurprise, editor.document, surpriseScale(this.#inspector, editor.document));
  }

  async showTags(hide = false): Promise<void> {
    const editor = await this.#begin(names.showTags, 'tag', hide);
    if (editor) this.#show(names.showTags, editor.document, tagScale(this.#inspector));
  }

  async showUnit(hide = false): Promise<void> {
    const editor = await this.#begin(names.showUnit, 'units', hide);
    if (!editor) return;
    const units = await rank(
      editor,
      this.#models.whenAsked(editor.document, 'units')!,
      this.#inspector,
      this.#diary,
    );
    if (!units) return;
    let tint: Tint | null = null;
    const chosen = await pick(units, (unit) => {
      const scale = unitScale(this.#inspector, unit);
      if (tint) tint.restart(scale);
      else tint = this.#show(names.showUnit, editor.document, scale);
    });
    if (!chosen && tint && this.#shown?.tint === tint) this.#hide();
  }

  dispose(): void {
    this.#hide();
    this.#subscriptions.dispose();
  }

  /** Returns the editor to colour; null if the command hides what it shows, or if nothing can be shown. */
  async #begin(command: Command, capability: AskedCapability, hide: boolean): Promise<TextEditor | null> {
    const begun = ++this.#commands;
    const editor = window.activeTextEditor;
    const shown = this.#shown?.command === command ? this.#shown.tint.document : null;
    if (hide || (shown && (!editor || shown === editor.document))) {
      this.#hide();
      return null;
    }
    const model = await modelFor(this.#models, editor?.document, capability);
    // A later command decides what is shown, also one that hides.
    return model && begun === this.#commands ? editor! : null;
  }

  #show(command: Command, document: TextDocument, scale: Scale): Tint {
    this.#hide();
    const tint = new Tint(document, this.#models, scale, command, (message) => {
      this.#hide();
      if (message === null) return;
      this.#diary.problem('inspection', message);
      void say.error(message);
    });
    this.#shown = { command, tint };
    return tint;
  }

  #hide(): void {
    this.#shown?.tint.dispose();
    this.#shown = null;
  }
}

/**
 * Ranks the network's units: those that follow a feature come first. Resolves to null if it was cancelled or
 * failed, which the user is told.
 */
async function rank(
  { document, selection }: TextEditor,
  { directory, manifest }: Model,
  inspector: InspectorClient,
  diary: Diary,
): Promise<readonly Unit[] | null> {
  const from = Math.max(0, document.offsetAt(selection.active) - rankedOn / 2);
  const text = document
    .getText(new Range(document.positionAt(from), document.positionAt(from + rankedOn)))
    .replace(/\r\n?/g, '\n');
  try {
    return await withProgress(l10n.t('Finding out what each unit follows'), (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      return inspector.ask(
        { kind: 'units', model: directory, revision: manifest.weights, text },
        abort.signal,
      );
    });
  } catch (error) {
    diary.problem('inspection', (error as Error).message);
    void say.error((error as Error).message);
    return null;
  }
}

/** @param preview gets each unit that is highlighted in the list */
function pick(units: readonly Unit[], preview: (unit: Unit) => void): Promise<Unit | null> {
  interface Item extends QuickPickItem {
    readonly unit: Unit;
  }
  const item = (unit: Unit): Item => ({ label: nameOf(unit), description: followingOf(unit), unit });
  const separator = (label: string): Item => ({ label, kind: QuickPickItemKind.Separator, unit: units[0] });
  const best = units.filter((unit) => unit.best);
  const others = units.filter((unit) => !unit.best);
  const quickPick = createPick<Item>();
  quickPick.placeholder = l10n.t('A unit to colour the text by');
  quickPick.matchOnDescription = true;
  quickPick.items = [
    separator(l10n.t('follow one thing more closely than all others')),
    ...best.map(item),
    separator(l10n.t('all others')),
    ...others.map(item),
  ].map(shownItem);
  return new Promise((resolve) => {
    quickPick.onDidChangeActive(([active]) => active && preview(active.item.unit));
    quickPick.onDidAccept(() => {
      resolve(quickPick.selectedItems[0]?.item.unit ?? null);
      quickPick.hide();
    });
    quickPick.onDidHide(() => {
      resolve(null);
      quickPick.dispose();
    });
    quickPick.show();
  });
}
