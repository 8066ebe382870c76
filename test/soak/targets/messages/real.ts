// Tries the built workers: floods, cancels and kills them, and asks for models that change or are missing.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { InspectorClient } from '../../../../src/editor/workers/inspectorClient.ts';
import { PredictorClient } from '../../../../src/editor/workers/predictorClient.ts';
import { start, trained, trainRequest } from '../../../worker/trained.ts';
import { type Host, isSentence, turns } from './host.ts';
import { type Commanded, train } from './trains.ts';

const text = 'red green blue\n'.repeat(60);
const settings = { 'model.layers': 'GRU 8', 'train.epochs': 1 };

export type RealMove =
  | {
      readonly do: 'suggest' | 'surprise' | 'units' | 'generate';
      readonly model: 'good' | 'another' | 'missing';
      /** The revision of the model; a new one makes the worker read the model again. */
      readonly revision: number;
      readonly length: number;
      readonly cancelAfter: number | null;
    }
  | { readonly do: 'know'; readonly length: number }
  | { readonly do: 'open'; readonly model: 'good' | 'another' | 'missing'; readonly revision: number }
  | { readonly do: 'wait'; readonly turns: number }
  | { readonly do: 'kill' };

const model = fc.constantFrom('good' as const, 'good' as const, 'another' as const, 'missing' as const);

export const realMoves = fc.array(
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        do: fc.constantFrom(
          'suggest' as const,
          'suggest' as const,
          'surprise' as const,
          'units' as const,
          'generate' as const,
        ),
        model,
        revision: fc.nat(2),
        length: fc.nat(text.length),
        cancelAfter: fc.option(fc.nat(60)),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('know' as const), length: fc.nat(text.length) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('open' as const), model, revision: fc.nat(2) }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), turns: fc.nat(100) }) },
    { weight: 1, arbitrary: fc.constant<RealMove>({ do: 'kill' }) },
  ),
  { minLength: 1, maxLength: 40, size: 'max' },
);

export class RealWorkers implements Disposable {
  readonly #models: Record<'good' | 'another' | 'missing', string>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'unroll-soak-messages-'));
  readonly #predictor = new PredictorClient(start('predictor'), { suggested() {} });
  readonly #inspector = new InspectorClient(start('inspector'));

  private constructor(good: string) {
    const another = join(this.#folder, 'another');
    cpSync(good, another, { recursive: true });
    this.#models = { good, another, missing: join(this.#folder, 'missing') };
  }

  static async open(): Promise<RealWorkers> {
    return new RealWorkers(await trained(text, settings));
  }

  /**
   * Makes all moves and checks how each request ends.
   * @returns how many requests there were
   * @throws Error where one did not end as it should
   */
  async converse(moves: readonly RealMove[], host: Host): Promise<number> {
    const ends: (string | null)[] = [];
    for (const move of moves) {
      switch (move.do) {
        case 'know':
          this.#predictor.know({ ...this.#reference('good', 0), text: text.slice(0, move.length) });
          break;
        case 'open':
          this.#predictor.open(this.#reference(move.model, move.revision));
          break;
        case 'wait':
          await turns(move.turns);
          break;
        case 'kill':
          host.killWorker();
          break;
        default: {
          const at = ends.push(null) - 1;
          const abort = new AbortController();
          if (move.cancelAfter !== null) void turns(move.cancelAfter).then(() => abort.abort());
          this.#ask(move, abort.signal)
            .then((answer) => (answer === null ? 'nothing' : 'answer'))
            .catch(({ message }: Error) => message)
            .then((end) => {
              ends[at] = end;
            });
        }
      }
    }
    await this.#fence(moves.length);
    for (const [at, end] of ends.entries()) {
      if (end === null) throw new Error(`Request ${at} has not ended when a later one had.`);
      const isKnown = end === 'answer' || end === 'nothing' || isSentence(end);
      if (!isKnown) throw new Error(`Request ${at} failed without a sentence: ${end}`);
      if (/mistake in Unroll/.test(end)) throw new Error(`Request ${at} failed: ${end}`);
    }
    return ends.length;
  }

  /**
   * Trains one whole run under commands.
   * @returns how many messages arrived
   */
  async train(commands: readonly Commanded[], killAfter: number | null): Promise<number> {
    const directory = mkdtempSync(join(this.#folder, 'run-'));
    const request = trainRequest(text, directory, settings);
    try {
      return await train(start('trainer'), { type: 'train', request }, commands, killAfter);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  [Symbol.dispose](): void {
    this.#predictor.dispose();
    this.#inspector.dispose();
    for (const folder of [this.#folder, this.#models.good]) rmSync(folder, { recursive: true, force: true });
  }

  #reference(model: 'good' | 'another' | 'missing', revision: number) {
    return { model: this.#models[model], revision: String(revision) };
  }

  async #ask(
    { do: kind, model, revision, length }: Extract<RealMove, { readonly cancelAfter: number | null }>,
    signal: AbortSignal,
  ): Promise<unknown> {
    const reference = this.#reference(model, revision);
    const before = text.slice(0, length);
    const passage = { key: 'a', text: before, from: 0, to: length };
    switch (kind) {
      case 'suggest':
        return this.#predictor.suggest(
          {
            ...reference,
            document: 'a',
            offset: 0,
            before,
            after: '',
            typed: 0,
            confidence: 0.3,
            reading: 0.25,
            maxLength: 60,
            count: 1 + (length % 4),
          },
          signal,
        );
      case 'surprise':
        return this.#inspector.ask({ kind, ...reference, passage, ensemble: length % 2 === 0 }, signal);
      case 'units':
        return this.#inspector.ask({ kind, ...reference, text: before }, signal);
      case 'generate':
        return this.#inspector.ask(
          { kind, ...reference, prompt: before, length: 50, temperature: 1, topK: 0, topP: 1, seed: length },
          signal,
        );
    }
  }

  /** Settles when both workers have answered, by when they have answered all earlier requests. */
  async #fence(tries: number): Promise<void> {
    const live = new AbortController().signal;
    const last = { model: 'good', revision: 0, length: 20, cancelAfter: null } as const;
    for (const kind of ['suggest', 'units'] as const) {
      let answer: unknown = null;
      for (let each = 0; answer === null && each <= tries; each++)
        answer = await this.#ask({ ...last, do: kind }, live).catch(() => null);
      if (answer === null) throw new Error(`The worker that was asked to ${kind} did not recover.`);
    }
    await turns(1);
  }
}
