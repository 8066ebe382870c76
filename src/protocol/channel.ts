// Messages between the host and any worker. Every request is answered once, with its `id`: by an answer, a
// failure or a cancellation. Notices of the host and events of the worker are not answered.
import { messageTypes, type Typed } from './message.ts';

/** The messages to and from one kind of worker. A kind of message that it does not have is `never`. */
export interface Service {
  readonly request: unknown;
  readonly answer: unknown;
  /** A part of an answer that takes time. */
  readonly part: unknown;
  readonly notice: Typed;
  readonly event: Typed;
}

export type HostToWorker<Of extends Service> =
  | { readonly type: 'request'; readonly id: number; readonly request: Of['request'] }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'notice'; readonly notice: Of['notice'] };

export type WorkerToHost<Of extends Service> =
  | { readonly type: 'part'; readonly id: number; readonly part: Of['part'] }
  | { readonly type: 'answer'; readonly id: number; readonly answer: Of['answer'] }
  | { readonly type: 'cancelled'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }
  | { readonly type: 'event'; readonly event: Of['event'] };

export const hostToWorkerTypes = messageTypes<HostToWorker<Service>>()('request', 'cancel', 'notice');

export const workerToHostTypes = messageTypes<WorkerToHost<Service>>()(
  'part',
  'answer',
  'cancelled',
  'failed',
  'event',
);
