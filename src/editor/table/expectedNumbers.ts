// The hover over a row of numbers says what a model expected there from the rows before it, and with which interval;
// over the last row, also what it expects next.
import {
  type CancellationToken,
  type Disposable,
  Hover,
  l10n,
  languages,
  type Position,
  type TextDocument,
} from 'vscode';
import type { Continuation, ForecastRow } from '../../protocol/forecast.ts';
import { ofModel } from '../inText/tint/styles.ts';
import type { Model } from '../models/models.ts';
import { isSecret } from '../settings/secrets.ts';
import { join, type Markdown, markdown } from '../ui/markdown.ts';
import { fewAndMany } from './candidates.ts';
import { isLastRow } from './continuation.ts';
import { forecastRows } from './fillRows.ts';
import type { TableParts } from './parts.ts';

export class ExpectedNumbers implements Disposable {
  readonly #parts: TableParts;
  readonly #registered: Disposable;

  constructor(parts: TableParts) {
    this.#parts = parts;
    this.#registered = languages.registerHoverProvider(
      { pattern: '**' },
      { provideHover: (...asked) => this.#hover(...asked) },
    );
  }

  dispose(): void {
    this.#registered.dispose();
  }

  async #hover(
    document: TextDocument,
    { line }: Position,
    token: CancellationToken,
  ): Promise<Hover | undefined> {
    const { models, inspector, diary } = this.#parts;
    const model = models.for(document, 'forecast');
    if (!model || line === 0 || (await isSecret(document.uri))) return undefined;
    const abort = new AbortController();
    const listener = token.onCancellationRequested(() => abort.abort());
    try {
      const ask = (asked: Parameters<typeof forecastRows>[3]) =>
        forecastRows(inspector, model, document, asked, abort.signal);
      const { text: begun, range } = document.lineAt(line);
      const here = await ask({ line, begun: '', steps: 1 });
      const next = isLastRow(document, line) ? await ask({ line, begun, steps: fewAndMany[0] }) : null;
      const follows = next?.before ? next.rows : [];
      const rows = here?.rows ?? [];
      return rows.length + follows.length > 0
        ? new Hover(says({ here: rows, follows, level: here!.level }, model), range)
        : undefined;
    } catch (error) {
      diary.problem('inspection', `No forecast: ${(error as Error).message}`);
      return undefined;
    } finally {
      listener.dispose();
    }
  }
}

interface Expected extends Pick<Continuation, 'level'> {
  readonly here: readonly ForecastRow[];
  readonly follows: readonly ForecastRow[];
}

function says({ here, follows, level }: Expected, { manifest }: Model) {
  const percent = 100 * level;
  const list = (rows: readonly ForecastRow[]): Markdown =>
    join(rows.map(({ cells }) => markdown`\n- ${cells.map(cellSays).join(', ')}`));
  return join([
    ...(here.length > 0
      ? [
          markdown`${l10n.t('Expected here from the rows before, with intervals of {0} %:', percent)}\n${list(here)}\n\n`,
        ]
      : []),
    ...(follows.length > 0 ? [markdown`${l10n.t('Expected next:')}\n${list(follows)}\n\n`] : []),
    markdown`${ofModel(manifest.provenance.source)}`,
  ]).string();
}

const cellSays = ({ column, value, lower, upper }: ForecastRow['cells'][number]): string =>
  l10n.t('{0} {1} ({2} to {3})', column, value, lower, upper);
