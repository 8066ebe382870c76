// The host's end of the channel to one worker. It does not import VS Code, so that it can be tested without
// it.
import {
  type HostToWorker,
  type Service,
  type WorkerToHost,
  workerToHostTypes,
} from '../../protocol/channel.ts';
import { hasType } from '../../protocol/message.ts';
import type { Port, PortFault } from '../../protocol/port.ts';

/** Why a channel has failed: `silent` after a cancellation, or `closed` by the host. */
export type Fault = PortFault | { readonly kind: 'misunderstood' | 'ended' | 'silent' | 'closed' };

export interface HostChannelOptions<Of extends Service> {
  /** The worker's name in error messages, such as 'prediction worker'. */
  readonly name: string;
  /** Returns the sentence that a user sees. */
  readonly describe?: (fault: Fault, name: string) => string;
  /** Milliseconds that the worker may stay silent after a cancellation before it is ended. */
  readonly patience?: number;
  /** The types of the worker's events, and what gets them. */
  readonly events?: { readonly types: ReadonlySet<string>; listen(event: Of['event']): void };
}

interface Pending<Of extends Service> {
  answer(answer: Of['answer'] | null): void;
  fail(error: Error): void;
  part(part: Of['part']): void;
}

/** A worker that computes longer than this after a cancellation does not listen. */
const defaultPatience = 60_000;

export function describeFault(fault: Fault, name: string): string {
  switch (fault.kind) {
    case 'error':
      return `The ${name} failed: ${fault.message}.`;
    case 'outOfMemory':
      return `The ${name} ran out of memory.`;
    case 'unreadable':
      return `The ${name} said something that cannot be read.`;
    case 'misunderstood':
      return `The ${name} said something that cannot be understood.`;
    case 'ended':
      return `The ${name} ended unexpectedly.`;
    case 'silent':
      return `The ${name} does not answer.`;
    case 'closed':
      return `The ${name} has been ended.`;
  }
}

export class HostChannel<Of extends Service> {
  readonly #port: Port;
  readonly #options: HostChannelOptions<Of>;
  readonly #pending = new Map<number, Pending<Of>>();
  readonly #ended = Promise.withResolvers<void>();
  /** Why the channel is closed; null while it is open. */
  #fault: Fault | null = null;
  #watch: NodeJS.Timeout | null = null;
  #lastId = 0;

  constructor(port: Port, options: HostChannelOptions<Of>) {
    this.#port = port;
    this.#options = options;
    port.listen({
      message: (message) => this.#hear(message),
      failed: (fault) => this.#fail(fault),
      ended: () => {
        this.#fail({ kind: 'ended' });
        this.#ended.resolve();
      },
    });
  }

  get isOpen(): boolean {
    return this.#fault === null;
  }

  /** Settles when the worker has ended. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /**
   * Sends a request. The promise settles once, whatever happens to the worker; a cancellation does not wait
   * for it.
   * @param part gets the parts of the answer, as they come
   * @returns null when it was cancelled. @throws Error with a sentence for the user.
   */
  async ask(
    request: Of['request'],
    signal?: AbortSignal,
    part: (part: Of['part']) => void = () => {},
  ): Promise<Of['answer'] | null> {
    if (signal?.aborted) return null;
    if (this.#fault) throw this.#error(this.#fault);
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Of['answer'] | null>();
    this.#pending.set(id, { answer: resolve, fail: reject, part });
    const cancel = () => this.#cancel(id);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      this.#post({ type: 'request', id, request });
      return await promise;
    } finally {
      this.#pending.delete(id);
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Sends a notice, which is not answered; a closed channel ignores it. */
  tell(notice: Of['notice']): void {
    if (this.isOpen) this.#post({ type: 'notice', notice });
  }

  /** Ends the worker at once. Pending requests fail. Settles when the worker has ended. */
  close(): Promise<void> {
    this.#fail({ kind: 'closed' });
    return this.#port.close();
  }

  /** Ends the worker at once. Pending requests are cancelled. */
  dispose(): void {
    for (const id of this.#pending.keys()) this.#settle(id, (pending) => pending.answer(null));
    void this.close();
  }

  #post(message: HostToWorker<Of>): void {
    this.#port.post(message);
  }

  #cancel(id: number): void {
    if (!this.#pending.has(id)) return;
    this.#settle(id, (pending) => pending.answer(null));
    this.#post({ type: 'cancel', id });
    this.#watch ??= setTimeout(
      () => this.#fail({ kind: 'silent' }),
      this.#options.patience ?? defaultPatience,
    ).unref();
  }

  #settle(id: number, how: (pending: Pending<Of>) => void): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (pending) how(pending);
  }

  #hear(message: unknown): void {
    if (!this.isOpen) return;
    this.#stopWatching();
    if (!hasType<WorkerToHost<Of>>(message, workerToHostTypes)) return this.#misunderstand();
    if (message.type === 'event') {
      const { events } = this.#options;
      if (!events || !hasType(message.event, events.types)) return this.#misunderstand();
      return events.listen(message.event);
    }
    const { id } = message;
    if (!Number.isSafeInteger(id)) return this.#misunderstand();
    switch (message.type) {
      case 'part':
        this.#pending.get(id)?.part(message.part);
        return;
      case 'answer':
        this.#settle(id, (pending) => pending.answer(message.answer));
        return;
      case 'cancelled':
        this.#settle(id, (pending) => pending.answer(null));
        return;
      case 'failed':
        this.#settle(id, (pending) => pending.fail(new Error(message.message)));
        return;
    }
  }

  #misunderstand(): void {
    this.#fail({ kind: 'misunderstood' });
  }

  /** Fails all pending requests and ends the worker. */
  #fail(fault: Fault): void {
    if (!this.isOpen) return;
    this.#fault = fault;
    this.#stopWatching();
    for (const id of this.#pending.keys()) this.#settle(id, (pending) => pending.fail(this.#error(fault)));
    void this.#port.close();
  }

  #error(fault: Fault): Error {
    return new Error((this.#options.describe ?? describeFault)(fault, this.#options.name));
  }

  #stopWatching(): void {
    if (this.#watch) clearTimeout(this.#watch);
    this.#watch = null;
  }
}
