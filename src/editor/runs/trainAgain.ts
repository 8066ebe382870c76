// The command 'Train Again' reads the text of an earlier run, as it is now.
import {
  type ConfigurationScope,
  type LogOutputChannel,
  l10n,
  Position,
  Range,
  type TextDocument,
  Uri,
} from 'vscode';
import type { TrainingDocument } from '../../protocol/trainer.ts';
import type { Choices } from '../models/choices.ts';
import { mostTextBytes, read, readManifest } from '../models/modelFiles.ts';
import type { Model } from '../models/models.ts';
import { plain, plainOffset } from '../text/lineEnds.ts';
import { openDocument } from '../text/openDocument.ts';
import { say } from '../ui/messages.ts';
import { type OpenText, partsOf, type SourceText, textAt, textOfParts } from './trainingText.ts';

/**
 * The text to use if a part of a text has changed: the one in its place now, or the one that was trained on.
 */
type Meant = 'now' | 'then';

/**
 * Asks the user which text to use; resolves to undefined for neither.
 * @param now whether there is any text in the part's place
 */
type Ask = (source: string, now: boolean) => Promise<Meant | undefined>;

/**
 * Returns the text of an earlier run, or 'gone' if it no longer exists; null if it was cancelled, or if there
 * is nothing to train on, which the user is told.
 */
export async function textAgain(
  { directory, manifest }: Model,
  log: LogOutputChannel,
): Promise<SourceText | 'gone' | null> {
  const { pattern, source, languageId, digest } = manifest.provenance;
  const uri = Uri.parse(manifest.provenance.uri!);
  if (pattern !== null) return (await import('./folder.ts')).readFolder(uri, pattern, log);
  const parts = partsOf(uri);
  if (parts.length === 0) return (await textAt(uri)) ?? 'gone';
  if (digest !== null) return (await partsInPlace(uri, parts)) ?? 'gone';
  const trained = manifest.text && (await read(directory, manifest.text, mostTextBytes).catch(() => null));
  if (!trained) return 'gone';
  return partAgain({ uri, title: source, languageId, trained }, askWhich);
}

/**
 * Returns the documents of a run whose long text is not kept whole; null where the text is kept, or is gone, and
 * 'cancelled' if the user has cancelled.
 */
export async function longTextAgain(
  directory: string,
  choices: Choices,
  log: LogOutputChannel,
): Promise<readonly TrainingDocument[] | 'cancelled' | null> {
  const stored = await readManifest(directory).catch(() => null);
  const manifest = stored && choices.inPlace(directory, stored);
  if (!manifest || manifest.provenance.digest === null || manifest.provenance.uri === null) return null;
  const source = await textAgain({ directory, manifest }, log);
  if (source === null) return 'cancelled';
  return source === 'gone' ? null : source.documents;
}

/** Returns where the text of a stored run is; null if that is not known. */
export async function textOfRun(directory: string, choices: Choices): Promise<ConfigurationScope | null> {
  const manifest = await readManifest(directory).catch(() => null);
  const text = manifest && choices.inPlace(directory, manifest).provenance;
  return text?.uri ? { uri: Uri.parse(text.uri), languageId: text.languageId } : null;
}

/** Returns parts of a text as they are now; null if the text is gone. */
async function partsInPlace(uri: Uri, parts: readonly Range[]): Promise<OpenText | null> {
  const document = await openDocument(uri);
  return (
    document &&
    textOfParts(
      document,
      parts.map((part) => document.validateRange(part)),
    )
  );
}

export interface Part {
  /** The URI, whose fragment names the place in the text. */
  readonly uri: Uri;
  readonly title: string;
  readonly languageId: string;
  /** The text that was trained on. */
  readonly trained: string;
}

/**
 * Finds the part in its place, or where it has moved to; if it is gone, asks which text to use. Resolves to
 * null if the user wants neither.
 */
export async function partAgain(
  { uri, title, languageId, trained }: Part,
  ask: Ask,
): Promise<OpenText | 'gone' | null> {
  const document = await openDocument(uri);
  if (!document) return 'gone';
  const parts = partsOf(uri).map((part) => document.validateRange(part));
  const now = textOfParts(document, parts);
  if (squeeze(now.documents.join('\n')) === squeeze(trained)) return now;
  const moved = parts.length === 1 && find(document, parts[0].start, trained);
  if (moved) return textOfParts(document, [moved]);
  const meant = await ask(title, now.documents.join('') !== '');
  if (meant === undefined) return null;
  if (meant === 'now') return now;
  const remark = l10n.t('This is the text of the earlier run: it is no longer in the file.');
  return { ...now, documents: [trained], uri, title, languageId, remarks: [remark] };
}

/**
 * Removes blank lines, because several parts are trained on with one between them, whatever the document had
 * there.
 */
const squeeze = (text: string) =>
  plain(text)
    .replace(/\n+/g, '\n')
    .replace(/^\n|\n$/g, '');

/** Returns the occurrence nearest to the earlier place; null if there is none. */
function find(document: TextDocument, was: Position, trained: string): Range | null {
  const text = plain(document.getText());
  const at = plainOffset(document, was);
  const [before, after] = [text.lastIndexOf(trained, at), text.indexOf(trained, at)];
  if (before < 0 && after < 0) return null;
  const start = before < 0 || (after >= 0 && after - at < at - before) ? after : before;
  return new Range(positionIn(text, start), positionIn(text, start + trained.length));
}

function positionIn(plainText: string, offset: number): Position {
  const lines = plainText.slice(0, offset).split('\n');
  return new Position(lines.length - 1, lines.at(-1)!.length);
}

async function askWhich(source: string, now: boolean): Promise<Meant | undefined> {
  const [asItIs, asItWas] = [
    l10n.t('Train on These Lines as They Are Now'),
    l10n.t('Train on the Earlier Text'),
  ];
  const answer = await say.ask(
    l10n.t('The text of {0} has changed since this run: what it was trained on is no longer there.', source),
    l10n.t('You can train on what these lines say now, or on the text as it was.'),
    ...(now ? [asItIs, asItWas] : [asItWas]),
  );
  return answer === undefined ? undefined : answer === asItIs ? 'now' : 'then';
}
