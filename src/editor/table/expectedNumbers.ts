// The hover over a row says which numbers a model expects there, from the rows before it or from the row's other cells, and
// with which interval; over the last row of a series, also what it expects next.
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
import type { FilledRow } from '../../protocol/rows.ts';
import { ofModel } from '../inText/tint/styles.ts';
import type { Model } from '../models/models.ts';
import { isSecret } from '../settings/secrets.ts';
import { percent } from '../text/numberFormat.ts';
import { join, type Markdown, markdown } from '../ui/markdown.ts';
import { fewAndMany } from './candidates.ts';
import { isLastRow } from './continuation.ts';
import { fillRows, forecastRows } from './fillRows.ts';
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
    const forecaster = models.for(document, 'forecast');
    const model = forecaster ?? models.for(document, 'predict a number');
    if (!model || line === 0 || (await isSecret(document.uri))) return undefined;
    const abort = new AbortController();
    const listener = token.onCancellationRequested(() => abort.abort());
    try {
      const ask = (asked: Parameters<typeof forecastRows>[3]) =>
        forecastRows(inspector, model, document, asked, abort.signal);
      const { text: begun, range } = document.lineAt(line);
      if (!forecaster) {
        const filled = await fillRows(inspector, model, document, [line, line + 1], 'all', abort.signal);
        const row = filled?.rows.find((each) => each.line <= line && each.last >= line);
        // A text that is no such table is read line by line, and none of its lines has a number.
        if (!row?.interval || !row.cell) return undefined;
        return new Hover(saysOf(row, filled!.column, model), range);
      }
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

/** Says which number is expected in a row, and with which interval. */
function saysOf({ candidates: [{ value }], interval }: FilledRow, column: string, { manifest }: Model) {
  const { lower, upper, level } = interval!;
  const cell = cellSays({ column, value, lower, upper });
  return join([
    markdown`${l10n.t('Expected here, with an interval of {0} %:', percent(level))}\n\n- ${cell}\n\n`,
    markdown`${ofModel(manifest.provenance.source)}`,
  ]).string();
}

interface Expected extends Pick<Continuation, 'level'> {
  readonly here: readonly ForecastRow[];
  readonly follows: readonly ForecastRow[];
}

function says({ here, follows, level }: Expected, { manifest }: Model) {
  const list = (rows: readonly ForecastRow[]): Markdown =>
    join(rows.map(({ cells }) => markdown`\n- ${cells.map(cellSays).join(', ')}`));
  return join([
    ...(here.length > 0
      ? [
          markdown`${l10n.t('Expected here from the rows before, with intervals of {0} %:', percent(level))}\n${list(here)}\n\n`,
        ]
      : []),
    ...(follows.length > 0 ? [markdown`${l10n.t('Expected next:')}\n${list(follows)}\n\n`] : []),
    markdown`${ofModel(manifest.provenance.source)}`,
  ]).string();
}

const cellSays = ({ column, value, lower, upper }: ForecastRow['cells'][number]): string =>
  l10n.t('{0} {1} ({2} to {3})', column, value, lower, upper);
