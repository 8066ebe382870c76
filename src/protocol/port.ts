/**
 * One end of a connection between two threads or processes. Messages are copied by the structured clone
 * algorithm and arrive in their order.
 */
export interface Port {
  post(message: unknown): void;
  /** Sets the one listener. Messages that arrive before are kept for it. */
  listen(listener: PortListener): void;
  /** Ends the connection, and a worker at the other end; settles when that worker has ended. */
  close(): Promise<void>;
}

export interface PortListener {
  message(message: unknown): void;
  /** Called when a message cannot be read, or when the other end dies of an error. */
  failed(fault: PortFault): void;
  /** Called once, after everything else, when the other end is gone. */
  ended(): void;
}

export type PortFault =
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'outOfMemory' }
  | { readonly kind: 'error'; readonly message: string };

/** Starts a worker. @returns the host's end of its connection */
export type StartWorker = () => Port;
