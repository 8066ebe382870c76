// Messages between the host and the page that draws a picture of a cell. The page says `ready`, and gets the picture.
import * as v from 'valibot';
import type { CellPicture } from './laboratory.ts';

export interface HostToCellPicture {
  readonly type: 'picture';
  readonly cell: string;
  readonly picture: CellPicture;
}

const message = v.variant('type', [
  v.object({ type: v.picklist(['ready', 'text']) }),
  /** Leads to a line of the `.rnn` file, from 1. */
  v.object({ type: v.literal('line'), line: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) }),
  v.object({
    type: v.literal('save'),
    /** The name of a file, without folders. */
    name: v.pipe(v.string(), v.regex(/^[^/\\]+$/)),
    kind: v.picklist(['csv', 'svg']),
    content: v.string(),
  }),
]);

/** `text` asks for the same as a text. */
export type CellPictureToHost = v.InferOutput<typeof message>;

/** @returns the message, or null if the value is not a message of the page */
export function parseCellPictureMessage(value: unknown): CellPictureToHost | null {
  const { success, output } = v.safeParse(message, value);
  return success ? output : null;
}
