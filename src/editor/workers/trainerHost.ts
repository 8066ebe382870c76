// Decides how the training worker runs: as a process with wide vectors, as one without them, or, where no
// process can be started, as a thread. A run that dies with wide vectors goes on without them.
import type { Port } from '../../protocol/port.ts';
import type { RunCommand } from '../../protocol/run.ts';
import type { TrainerRequest } from '../../protocol/trainer.ts';
import type { Fault } from './hostChannel.ts';
import { type RunEvent, type StartTrainer, startTrainer, type TrainerClient } from './trainerClient.ts';
import type { WideRecord } from './wideRecord.ts';

export interface TrainerHost {
  /** Starts the worker as a process. @param options further options of V8 */
  process(options: readonly string[]): Port;
  thread(): Port;
  /** The options for wide vectors, and what is known of them here; null where there are none. */
  readonly wide: { readonly options: readonly string[]; readonly record: WideRecord } | null;
  /** Gets a sentence where the worker does not run as it should. */
  warn(message: string): void;
}

export const startTrainerOn =
  (host: TrainerHost): StartTrainer =>
  (request, listen) =>
    new HostedTrainer(host, request, listen);

/** A way in which a worker runs; `withoutWide` says why it does without wide vectors. */
type Way = { readonly kind: 'wide' } | { readonly kind: 'process' | 'thread'; readonly withoutWide: string };

/** The signals by which others end a process; they tell nothing of wide vectors. */
const endedByOthers: readonly string[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'];

/** A training that may be started again in another way. */
class HostedTrainer implements TrainerClient {
  readonly #host: TrainerHost;
  readonly #listen: (event: RunEvent) => void;
  readonly #ended = Promise.withResolvers<void>();
  readonly #original: TrainerRequest;
  /** The request to a worker that is started again. */
  #request: TrainerRequest;
  #way: Way;
  #client: TrainerClient;
  /** Whether the run has begun in the present worker. */
  #isStarted = false;
  #isKilled = false;
  /** Whether the record holds a beginning of this training. */
  #hasBegun = false;
  /** The command that a worker which is started again must get, since it was not obeyed to the end. */
  #held: RunCommand | null = null;
  #temperature: number | null = null;
  /** Why a process with wide vectors was not started; it counts only if one without them can be. */
  #refusal: string | null = null;

  constructor(host: TrainerHost, request: TrainerRequest, listen: (event: RunEvent) => void) {
    this.#host = host;
    this.#original = request;
    this.#request = request;
    this.#listen = listen;
    this.#way = firstWay(host, request);
    this.#client = this.#begin();
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  send(command: RunCommand): void {
    if (command.type === 'pause' || command.type === 'stop') this.#held = command;
    else if (command.type === 'resume' || command.type === 'extend') this.#held = null;
    this.#client.send(command);
  }

  temperature(value: number): void {
    this.#temperature = value;
    this.#client.temperature(value);
  }

  close(): void {
    this.#client.close();
  }

  kill(): Promise<void> {
    this.#isKilled = true;
    this.#forgetBeginning();
    return this.#client.kill();
  }

  #begin(): TrainerClient {
    const { process, thread, wide } = this.#host;
    const way = this.#way;
    this.#isStarted = false;
    if (wide && way.kind === 'wide' && wide.record.outcome?.kind !== 'proven') {
      wide.record.outcome = { kind: 'begun' };
      this.#hasBegun = true;
    }
    const start = () =>
      way.kind === 'thread' ? thread() : process(way.kind === 'wide' ? wide!.options : []);
    const withoutWide = way.kind === 'wide' ? null : way.withoutWide;
    const client = startTrainer(start, { ...this.#request, withoutWide }, (event) => this.#hear(event));
    void client.ended.then(() => {
      if (this.#client === client) this.#ended.resolve();
    });
    return client;
  }

  #hear(event: RunEvent): void {
    switch (event.type) {
      case 'started':
        // A run that is rewound has nothing to do with what is on disk.
        if (this.#isStarted) this.#request = this.#original;
        this.#isStarted = true;
        this.#learn(event.start.engine === 'unroll-wide', event.start.engineReason);
        break;
      case 'saved':
        this.#goOnFrom(event.directory);
        break;
      case 'failed': {
        const next = event.fault && !this.#isKilled ? this.#wayAfter(event.fault) : null;
        if (next) {
          this.#way = next;
          this.#client = this.#begin();
          if (this.#temperature !== null) this.#client.temperature(this.#temperature);
          if (this.#held) this.#client.send(this.#held);
          return;
        }
        this.#forgetBeginning();
      }
    }
    this.#listen(event);
  }

  /** Makes a worker that is started again go on with what is on disk. */
  #goOnFrom(directory: string): void {
    if (this.#request.type === 'continue') return;
    const { settings, documents } = this.#request.request;
    const engine = Object.fromEntries(
      Object.entries(settings).filter(([name]) => name.startsWith('engine.')),
    );
    this.#request = { type: 'continue', request: { directory, settings: engine, documents } };
  }

  /** Returns how to go on after a worker has failed; null where the run has failed with it. */
  #wayAfter(fault: Fault): Way | null {
    const { wide, warn } = this.#host;
    if (fault.kind === 'notStarted' && this.#way.kind !== 'thread') {
      warn(`The training worker could not be started as a process: ${fault.message}.`);
      if (this.#way.kind === 'process') {
        this.#forgetBeginning();
        return { kind: 'thread', withoutWide: 'the training runs in no process of its own' };
      }
      this.#refusal = 'no process can be started with wide vectors';
      return { kind: 'process', withoutWide: this.#refusal };
    }
    if (fault.kind !== 'died' || this.#way.kind !== 'wide') return null;
    const reason = `the worker with wide vectors ended by ${fault.how}`;
    warn(`The training goes on without wide vectors: ${reason}.`);
    if (endedByOthers.includes(fault.how)) this.#forgetBeginning();
    else wide!.record.outcome = { kind: 'refused', reason };
    const note = `The training worker ended unexpectedly (${fault.how}): the training went on without wide vectors.`;
    this.#request = { ...this.#request, note };
    return { kind: 'process', withoutWide: reason };
  }

  /** Remembers what a start has shown of wide vectors. */
  #learn(isWide: boolean, reason = 'the compiled engine does not run here'): void {
    if (!this.#host.wide) return;
    const { record } = this.#host.wide;
    if (this.#way.kind === 'wide') record.outcome = isWide ? { kind: 'proven' } : { kind: 'refused', reason };
    else if (this.#way.kind === 'process' && this.#refusal !== null)
      record.outcome = { kind: 'refused', reason: this.#refusal };
    this.#hasBegun = false;
    this.#refusal = null;
  }

  /** Forgets a start that ended for a reason that has nothing to do with wide vectors. */
  #forgetBeginning(): void {
    if (this.#hasBegun) this.#host.wide!.record.outcome = null;
    this.#hasBegun = false;
  }
}

function firstWay({ wide }: TrainerHost, { request }: TrainerRequest): Way {
  const without = (withoutWide: string): Way => ({ kind: 'process', withoutWide });
  const kind = request.settings['engine.kind'] ?? 'auto';
  if (kind === 'narrow' || kind === 'tfjs') return without('as the settings say');
  if (!wide) return without('only processors of type x64 have wide vectors');
  const objection = kind === 'wide' ? null : wide.record.objection;
  return objection === null ? { kind: 'wide' } : without(objection);
}
