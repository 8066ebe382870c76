// Colours a document by what a model says about each of its tokens. Only the visible part is read; after an
// edit, the part that follows it is read again.
import {
  type CancellationToken,
  Disposable,
  Hover,
  languages,
  type MarkdownString,
  Range,
  type StatusBarItem,
  type TextDocument,
  type TextEditor,
  window,
  workspace,
} from 'vscode';
import type { Capability } from '../../../protocol/capabilities.ts';
import type { Passage, Spans } from '../../../protocol/inspector.ts';
import type { Model, Models } from '../../models/models.ts';
import { setStatus, statusBarItem } from '../../ui/items.ts';
import { ask, byLevel, Chunks, chunkSize, neededFor, type Span, type Stretch, within } from './chunks.ts';
import { createLineEndStyle, createStyle, type Level } from './styles.ts';

/** The milliseconds without an edit or a scroll before anything is read. */
const pause = 120;

/**
 * The number of characters before and after what is on the screen that are coloured with it, so that a scroll shows them at
 * once; each draw makes a range for each of their tokens.
 */
const colouredAround = 4 * chunkSize;

/** The quantity that a document is coloured by. */
export interface Scale<Value = unknown> {
  /** The name of the item in the status bar. */
  readonly name: string;
  /** The capability that a model must have. */
  readonly capability: Capability;
  readonly levels: readonly Level[];
  /** Whether the ends of lines are marked, too. */
  readonly lineEnds: boolean;
  /** Resolves to null if it was cancelled. `valueOf` returns the value of a token, given its index. */
  read(
    model: Model,
    passage: Passage,
    signal: AbortSignal,
  ): Promise<(Spans & { valueOf(index: number): Value }) | null>;
  /** Returns an index into `levels`; null if the value gets no colour. */
  levelOf(value: Value): number | null;
  /** Returns null for a token of which there is nothing to say. */
  hover(value: Value, text: string): MarkdownString | null;
  /**
   * Returns the text and the legend of the status bar item for the values that are on the screen.
   * @param source what the model was trained on whose values they are
   */
  summary(values: readonly Value[], source: string): Summary;
}

/** The text and the legend of the status bar item. */
export interface Summary {
  readonly text: string;
  readonly legend: MarkdownString;
}

export class Tint implements Disposable {
  readonly document: TextDocument;
  readonly #models: Models;
  readonly #end: (problem: string | null) => void;
  readonly #chunks = new Chunks<unknown>();
  /** The decoration of each level. */
  readonly #styles;
  /** The decoration of each level at the ends of lines; empty if these are not marked. */
  readonly #lineEndStyles;
  readonly #status: StatusBarItem;
  readonly #subscriptions: Disposable;
  #scale: Scale;
  #model: Model | undefined;
  #timer: NodeJS.Timeout | null = null;
  /** Whether some of the visible text has still to be read. */
  #reading = false;
  /** The text and the legend of the status bar item; null where nothing has been read yet. */
  #summary: Summary | null = null;
  #abort = new AbortController();

  /**
   * @param command the command that hides the colours
   * @param end is called when nothing can be shown any more; it gets a sentence if something has failed
   */
  constructor(
    document: TextDocument,
    models: Models,
    scale: Scale,
    command: string,
    end: (problem: string | null) => void,
  ) {
    this.document = document;
    this.#models = models;
    this.#model = models.whenAsked(document, scale.capability);
    this.#scale = scale;
    this.#end = end;
    this.#styles = scale.levels.map(createStyle);
    this.#lineEndStyles = scale.lineEnds ? scale.levels.map(createLineEndStyle) : [];
    this.#status = statusBarItem('unroll.tint', 99, scale.name);
    this.#status.command = { command, title: scale.name, arguments: [true] };
    this.#subscriptions = Disposable.from(
      this.#status,
      ...this.#styles,
      ...this.#lineEndStyles,
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document !== this.document || contentChanges.length === 0) return;
        for (const { rangeOffset, rangeLength, text } of contentChanges)
          this.#chunks.edit(rangeOffset, rangeLength, text.length);
        this.#refreshSoon();
      }),
      window.onDidChangeTextEditorVisibleRanges(
        ({ textEditor }) => textEditor.document === this.document && this.#refreshSoon(),
      ),
      window.onDidChangeVisibleTextEditors(() => {
        this.#draw();
        this.#refreshSoon();
      }),
      models.onDidChange(() => {
        const model = models.whenAsked(document, this.#scale.capability);
        if (!model) return this.#end(null);
        if (
          model.directory !== this.#model?.directory ||
          model.manifest.weights !== this.#model?.manifest.weights
        )
          this.restart();
      }),
      languages.registerHoverProvider({ pattern: '**' }, { provideHover: this.#hover.bind(this) }),
    );
    void this.#refresh();
  }

  /** Reads everything again with the current model; the old values stay until then. */
  restart(scale = this.#scale): void {
    this.#scale = scale;
    this.#model = this.#models.whenAsked(this.document, scale.capability);
    this.#chunks.stale();
    void this.#refresh();
  }

  dispose(): void {
    this.#abort.abort();
    if (this.#timer) clearTimeout(this.#timer);
    this.#subscriptions.dispose();
  }

  get #editors(): TextEditor[] {
    return window.visibleTextEditors.filter(({ document }) => document === this.document);
  }

  /** The parts of the document that are on the screen. */
  get #seen(): Stretch[] {
    return this.#editors.flatMap(({ visibleRanges }) =>
      visibleRanges.map(({ start, end }) => ({
        from: this.document.offsetAt(start),
        to: this.document.offsetAt(end),
      })),
    );
  }

  #refreshSoon(): void {
    this.#abort.abort();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#refresh(), pause);
  }

  async #refresh(): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    try {
      const wanted = this.#chunks.wanted(this.#seen);
      // A refresh that was cut short by a scroll may have left the rest of its chunks to nobody.
      this.#reading = wanted.length > 0;
      this.#draw();
      for (const [index, chunk] of wanted.entries()) {
        const spans = await this.#read(chunk, signal);
        if (!spans || signal.aborted) return;
        this.#chunks.put(chunk, spans);
        this.#reading = index + 1 < wanted.length;
        this.#draw();
      }
    } catch (error) {
      if (!signal.aborted) this.#end((error as Error).message);
    }
  }

  async #read(chunk: number, signal: AbortSignal): Promise<Span<unknown>[] | null> {
    if (!this.#model) return [];
    const needed = neededFor(chunk);
    const start = this.document.positionAt(needed.from);
    const text = this.document.getText(new Range(start, this.document.positionAt(needed.to)));
    const { passage, offsetOf } = ask(chunk, text, this.document.offsetAt(start));
    const key = `${this.document.uri} ${chunk * chunkSize}`;
    const found = await this.#scale.read(this.#model, { ...passage, key }, signal);
    if (!found) return null;
    return Array.from({ length: found.offsets.length - 1 }, (_, index) => ({
      from: offsetOf(found.offsets[index]),
      to: offsetOf(found.offsets[index + 1]),
      value: found.valueOf(index),
    }));
  }

  /** Colours what is on the screen and around it, and says what is to be said of what is on it. */
  #draw(): void {
    const seen = this.#seen;
    // A document that is out of sight keeps what was said of it.
    if (seen.length === 0) return;
    const { levels, levelOf } = this.#scale;
    const near = within(this.#chunks.spans, seen, colouredAround);
    const ranges = byLevel(near, levels.length, levelOf).map((stretches) =>
      stretches.map(
        ({ from, to }) => new Range(this.document.positionAt(from), this.document.positionAt(to)),
      ),
    );
    const lineEndsIn = ({ start, end }: Range) =>
      Array.from({ length: end.line - start.line }, (_, index) => {
        const { range } = this.document.lineAt(start.line + index);
        return new Range(range.end, range.end);
      });
    for (const editor of this.#editors) {
      for (const [level, style] of this.#styles.entries()) editor.setDecorations(style, ranges[level]);
      for (const [level, style] of this.#lineEndStyles.entries())
        editor.setDecorations(style, ranges[level].flatMap(lineEndsIn));
    }
    const values = within(near, seen).map(({ value }) => value);
    // There is nothing to say of a part that has not been read yet.
    if (values.length > 0 || (this.#summary && !this.#reading))
      this.#summary = this.#scale.summary(values, this.#model?.manifest.provenance.source ?? '');
    if (!this.#summary) return;
    setStatus(this.#status, [this.#reading ? 'watch' : 'eye'], this.#summary.text);
    this.#status.tooltip = this.#summary.legend;
    this.#status.show();
  }

  #hover(document: TextDocument, position: Range['start'], _token: CancellationToken): Hover | undefined {
    if (document !== this.document) return undefined;
    const span = this.#chunks.at(document.offsetAt(position));
    if (!span) return undefined;
    const range = new Range(document.positionAt(span.from), document.positionAt(span.to));
    const says = this.#scale.hover(span.value, document.getText(range));
    return says ? new Hover(says, range) : undefined;
  }
}
