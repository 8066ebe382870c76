// Messages between the host and a worker that answers requests. Every request is answered once, with its
// `id`: by an answer, a failure or a cancellation.

export type HostToWorker<Request, Notice = never> =
  | { readonly type: 'ask'; readonly id: number; readonly request: Request }
  | { readonly type: 'cancel'; readonly id: number }
  /** A notice, which is not answered. */
  | { readonly type: 'tell'; readonly notice: Notice };

export type WorkerToHost<Answer, Part = never> =
  /** A part of an answer that takes time. */
  | { readonly type: 'part'; readonly id: number; readonly part: Part }
  | { readonly type: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly type: 'cancelled'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };
