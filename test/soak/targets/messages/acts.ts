// The acts that a scripted worker may be told to do.
import * as fc from 'fast-check';

/**
 * An act of a worker. A number means one of the `wrongMessages`; an object is posted as an event, or fails the
 * request where its type is `failed`.
 */
export type Act =
  | 'answer'
  | 'part'
  | 'cancelled'
  | 'fail'
  | 'answer another'
  | 'answer late'
  | 'throw'
  | 'throw null'
  | 'reject'
  | 'exit'
  | 'hang'
  | 'close'
  | 'wait'
  | number
  | { readonly type: string };

/** Values that are not messages. */
export const wrongMessages: readonly unknown[] = [
  null,
  undefined,
  0,
  'answer',
  [],
  {},
  { type: 'none', id: 1 },
  { type: 7, id: 1 },
  { type: 'answer' },
  { type: 'answer', id: '1' },
  { type: 'answer', id: null },
  { type: 'toString', id: 1 },
  { type: 'event' },
  { type: 'event', event: null },
  { type: 'event', event: { type: 'none' } },
];

const wrong = fc.nat(wrongMessages.length - 1);

/** Generates the acts of a worker for one request. */
export const answering = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Act>('answer') },
    { weight: 3, arbitrary: fc.constantFrom<Act>('part', 'answer late') },
    { weight: 1, arbitrary: fc.constantFrom<Act>('cancelled', 'fail', 'answer another') },
    {
      weight: 1,
      arbitrary: fc.oneof(fc.constantFrom<Act>('throw', 'throw null', 'reject', 'exit', 'hang'), wrong),
    },
  ),
  { maxLength: 3 },
);

const said = (type: string, more: object = {}) => fc.constant<Act>({ type, ...more });

/** Generates the acts of a worker that answers one request. */
export const sayingOnce = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<Act>('answer', 'part') },
    said('found', { finding: { kind: 'trace', text: 'a' } }),
    fc.constantFrom<Act>('fail', 'throw', 'throw null', 'reject', 'exit', 'wait'),
    wrong,
  ),
  { maxLength: 3 },
);

/** Generates the acts of a worker that trains. */
export const training = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.oneof(
        said('started', { start: {} }),
        said('paused'),
        said('resumed'),
        said('progress', { progress: {}, points: {} }),
        said('saved', { directory: 'model' }),
        said('done', { result: {}, directory: 'model' }),
        said('failed', { message: 'The scripted worker was told to fail.' }),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.oneof(fc.constantFrom<Act>('throw', 'throw null', 'reject', 'exit', 'hang'), wrong),
    },
  ),
  { maxLength: 12 },
);
