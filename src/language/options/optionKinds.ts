// The kinds of options of a `.rnn` file, and their values as they are written.

import type { SettingsKind } from '../syntax/syntax.ts';
import type {
  Clipping,
  LayerOptions,
  ModelOptions,
  Optimizer,
  TaskOptions,
  TrainOptions,
} from './options.ts';

/** The model's options as they are written, by name. */
export type ModelValues = ModelOptions;

/**
 * The training options as they are written: the optimiser's and the clipping's own options are not nested.
 */
export type TrainValues = Omit<TrainOptions, 'optimizer' | 'clipping'> & {
  readonly optimizer: Optimizer['kind'];
  readonly momentum: number;
  readonly momentumSchedule: 'constant' | 'rising';
  readonly rho: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly penalty: number;
  readonly damping: number;
  readonly structuralDamping: number;
  readonly iterations: number;
  readonly clipping: Clipping['kind'];
  readonly threshold: number;
  readonly factor: number;
};

/** The task's options as they are written, by name. */
export type TaskValues = TaskOptions;

export type OptionValue = number | boolean | string | null | readonly LayerOptions[] | readonly string[];

export type OptionKind =
  | { readonly kind: 'layers' }
  | { readonly kind: 'flag' }
  /** Names of columns, or `auto`, which is null. */
  | { readonly kind: 'columns' }
  /** `every step`, `last step`, `last N`, or `auto`, which is null. */
  | { readonly kind: 'teach' }
  | { readonly kind: 'choice'; readonly choices: ReadonlyMap<string, string> }
  | {
      readonly kind: 'number';
      readonly whole: boolean;
      readonly least: number;
      readonly most: number;
      /** Whether `most` itself is allowed. */
      readonly mostIncluded: boolean;
      readonly unit: string | null;
      /** Whether `none`, which means no limit, is allowed. */
      readonly none: boolean;
    };

export type Option = OptionKind & {
  readonly section: SettingsKind;
  readonly name: string;
  readonly default: OptionValue;
  readonly description: string;
  /** The option has a meaning only where another one has one of these values. */
  readonly only?: { readonly name: string; readonly values: readonly string[] };
};

type Limits = Partial<Omit<Extract<OptionKind, { kind: 'number' }>, 'kind' | 'whole'>>;

export const real = (least: number, most: number, limits: Limits = {}) =>
  ({
    kind: 'number',
    whole: false,
    least,
    most,
    mostIncluded: true,
    unit: null,
    none: false,
    ...limits,
  }) as const;
export const whole = (least: number, most: number, unit: string | null = null, limits: Limits = {}) =>
  ({ ...real(least, most, limits), whole: true, unit }) as const;
export const share = { mostIncluded: false } as const;
export const choice = (choices: Readonly<Record<string, string>>) =>
  ({ kind: 'choice', choices: new Map(Object.entries(choices)) }) as const;
export const onlyFor = (name: string, ...values: string[]) => ({ only: { name, values } });

/** An option without its section and name. */
export type Row = OptionKind & Omit<Option, 'section' | 'name'>;
