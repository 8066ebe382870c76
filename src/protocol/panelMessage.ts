// Checks the panel's messages, since a webview can send anything.
import * as v from 'valibot';
import type { PanelToHost } from './panel.ts';
import { maximumTemperature } from './run.ts';

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));

const command = v.variant('type', [
  v.object({ type: v.picklist(['pause', 'resume', 'stop', 'rewind', 'extend']) }),
  v.object({ type: v.picklist(['learningRate', 'threshold']), value: positive }),
]);

const message = v.variant('type', [
  v.object({ type: v.picklist(['ready', 'train', 'sample', 'clear']) }),
  v.object({ type: v.literal('control'), command }),
  v.object({
    type: v.literal('temperature'),
    value: v.pipe(v.number(), v.minValue(0), v.maxValue(maximumTemperature)),
  }),
  v.object({ type: v.literal('copy'), text: v.string() }),
  v.object({ type: v.literal('fold'), sections: v.array(v.string()) }),
  v.object({
    type: v.literal('rows'),
    lines: v.pipe(v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(1))), v.minLength(1)),
  }),
  v.object({
    type: v.literal('save'),
    /** The name of a file, without folders. */
    name: v.pipe(v.string(), v.regex(/^[^/\\]+$/)),
    kind: v.picklist(['csv', 'png', 'svg']),
    content: v.string(),
  }),
]);

/** @returns the message, or null if the value is not a message of the panel */
export function parsePanelMessage(value: unknown): PanelToHost | null {
  const { success, output } = v.safeParse(message, value);
  return success ? output : null;
}
