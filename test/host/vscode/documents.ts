// The documents and notebooks that the API hands out.
import { URI } from 'vscode-uri';
import { Position, Range } from './values.ts';

export class Uri extends URI {
  static override file(path: string): URI {
    return URI.file(path);
  }

  static joinPath(uri: URI, ...parts: readonly string[]): URI {
    const path = new URL(
      parts.map(encodeURIComponent).join('/'),
      `file://${encodeURI(uri.path).replace(/\/*$/, '/')}`,
    );
    return uri.with({ path: decodeURIComponent(path.pathname) });
  }
}

export class TextDocument {
  readonly uri: URI;
  readonly languageId: string;
  readonly eol = 1;
  readonly version = 1;
  isClosed = false;
  readonly #text: string;

  constructor(uri: URI, text: string, languageId = 'plaintext') {
    this.uri = uri;
    this.languageId = languageId;
    this.#text = text;
  }

  get isUntitled(): boolean {
    return this.uri.scheme === 'untitled';
  }

  get lineCount(): number {
    return this.#lines.length;
  }

  get #lines(): string[] {
    return this.#text.split('\n');
  }

  getText(range?: Range): string {
    return range ? this.#text.slice(this.offsetAt(range.start), this.offsetAt(range.end)) : this.#text;
  }

  lineAt(at: number | Position): { text: string; range: Range } {
    const line = typeof at === 'number' ? at : at.line;
    const text = this.#lines[line];
    return { text, range: new Range(line, 0, line, text.length) };
  }

  offsetAt({ line, character }: Position): number {
    const before = this.#lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0);
    return Math.min(before + character, this.#text.length);
  }

  positionAt(offset: number): Position {
    const before = this.#text.slice(0, Math.max(0, offset)).split('\n');
    return new Position(before.length - 1, before.at(-1)!.length);
  }

  validateRange(range: Range): Range {
    const end = this.positionAt(this.#text.length);
    const inside = (place: Position) => (place.compareTo(end) > 0 ? end : place);
    return new Range(inside(range.start), inside(range.end));
  }
}

export class NotebookDocument {
  readonly uri: URI;
  readonly #cells: { readonly kind: number; readonly document: TextDocument }[];

  constructor(uri: URI, cells: readonly string[]) {
    this.uri = uri;
    this.#cells = cells.map((text, index) => ({
      kind: 2,
      document: new TextDocument(
        uri.with({ scheme: 'vscode-notebook-cell', fragment: `c${index}` }),
        text,
        'python',
      ),
    }));
  }

  get cellCount(): number {
    return this.#cells.length;
  }

  getCells() {
    return this.#cells;
  }
}
