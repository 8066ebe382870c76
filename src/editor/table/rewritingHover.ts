// The hover over a row of a table of texts: what the model would write, how sure it is of each character, and where it
// looks while it writes.
import {
  type CancellationToken,
  ColorThemeKind,
  Hover,
  l10n,
  type Position,
  type TextDocument,
  window,
} from 'vscode';
import type { CellRewriting, RowRewritings } from '../../protocol/rows.ts';
import { isSecret } from '../settings/secrets.ts';
import { codeBlock, join, Markdown, markdown } from '../ui/markdown.ts';
import { alignmentPicture } from './alignmentPicture.ts';
import { passageOf } from './fillRows.ts';
import type { TableParts } from './parts.ts';

/** The most texts that are named. */
const most = 4;

/** The probability below which a character is named, as it could be wrong. */
const sure = 0.95;

export async function hoverRewriting(
  { models, inspector, diary }: TableParts,
  document: TextDocument,
  { line }: Position,
  token: CancellationToken,
): Promise<Hover | null> {
  const model = models.for(document, 'rewrite');
  if (!model || (await isSecret(document.uri))) return null;
  const abort = new AbortController();
  const listener = token.onCancellationRequested(() => abort.abort());
  try {
    const { passage } = passageOf(document, line, line + 1);
    const reference = { model: model.directory, revision: model.manifest.weights };
    const found = await inspector.ask({ kind: 'rewritings', ...reference, passage }, abort.signal);
    return found && new Hover(textOf(found).string());
  } catch (error) {
    diary.problem('inspection', (error as Error).message);
    return null;
  } finally {
    listener.dispose();
  }
}

function textOf({ rewritings, unseen, alignment }: RowRewritings): Markdown {
  const [best] = rewritings;
  const percent = (probability: number) => `${(100 * probability).toFixed(probability < 0.01 ? 1 : 0)} %`;
  const texts = rewritings
    .slice(0, most)
    .map(({ text, probability }) => `${text}  ${percent(probability)}`)
    .join('\n');
  const doubtful = doubtfulOf(best).map(({ text, probability }) =>
    text === ''
      ? l10n.t('the end {0}', percent(probability))
      : l10n.t('“{0}” {1}', text, percent(probability)),
  );
  return join([
    markdown`${l10n.t('The model would write:')}`,
    codeBlock(texts, 'text'),
    ...(doubtful.length > 0
      ? [markdown`${l10n.t('It is least sure of {0}.', doubtful.join(', '))}\n\n`]
      : []),
    ...(unseen.length > 0 ? [markdown`${l10n.t('The training never saw {0}.', unseen.join(', '))}\n\n`] : []),
    ...(alignment ? [pictureOf(alignment)] : []),
  ]);
}

/** Returns the characters that may well be wrong, the least probable first. */
const doubtfulOf = ({ characters }: CellRewriting) =>
  characters
    .filter(({ probability }) => probability < sure)
    .sort((a, b) => a.probability - b.probability)
    .slice(0, most);

function pictureOf(alignment: NonNullable<RowRewritings['alignment']>): Markdown {
  const { kind } = window.activeColorTheme;
  const isLight = kind === ColorThemeKind.Light || kind === ColorThemeKind.HighContrastLight;
  const svg = alignmentPicture(
    alignment,
    isLight ? { text: '#3b3b3b', weight: '#005fb8' } : { text: '#cccccc', weight: '#4daafc' },
  );
  const data = Buffer.from(svg).toString('base64');
  return join([
    markdown`${l10n.t('Where it looks: the source across, what it writes down.')}\n\n`,
    new Markdown(`![](data:image/svg+xml;base64,${data})`),
  ]);
}
