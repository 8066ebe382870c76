// The controls of a run: buttons that depend on its state, and two numbers that may change while it lasts.
import type { RunCommand, RunSnapshot, RunStatus } from '../../src/protocol/run.ts';
import { element } from './figure/element.ts';
import { t } from './words/l10n.ts';

export interface Actions {
  train(): void;
  control(command: RunCommand): void;
}

type Kind = RunStatus['kind'] | 'empty';

interface Button {
  readonly label: string;
  readonly title: string;
  readonly command: RunCommand | null;
  /** The states in which this is the action that most users want next. */
  readonly primary: readonly Kind[];
  /**
   * @param live whether there is a trainer that obeys commands
   * @param hasBegun whether the run has got as far as to begin: one on too short a text has not
   */
  shown(kind: Kind, live: boolean, hasBegun: boolean): boolean;
}

const buttons: readonly Button[] = [
  {
    label: t('Pause'),
    title: t('Keeps everything: the weights, the optimiser’s state, the place in the text'),
    command: { type: 'pause' },
    primary: [],
    shown: (kind) => kind === 'running',
  },
  {
    label: t('Resume'),
    title: t('Continues where it was paused'),
    command: { type: 'resume' },
    primary: ['paused'],
    shown: (kind, live) => kind === 'paused' && live,
  },
  {
    label: t('Stop'),
    title: t('Ends the training and keeps the best state so far'),
    command: { type: 'stop' },
    primary: ['starting', 'running'],
    shown: (kind, live) => kind === 'running' || kind === 'starting' || (kind === 'paused' && live),
  },
  {
    label: t('Rewind'),
    title: t('Starts over from the same initial weights'),
    command: { type: 'rewind' },
    primary: [],
    shown: (kind, live) => live && kind !== 'empty' && kind !== 'starting',
  },
  {
    label: t('Continue for longer'),
    title: t('Trains for the same budget again'),
    command: { type: 'extend' },
    primary: ['ended'],
    // A run of an earlier window goes on from its checkpoint.
    shown: (kind, live, hasBegun) =>
      hasBegun && (live ? kind !== 'starting' : kind === 'ended' || kind === 'failed'),
  },
  {
    label: t('Train on Current File'),
    title: t('Starts a new training on the open text'),
    command: null,
    primary: ['empty', 'failed', 'elsewhere'],
    shown: (kind) => kind === 'ended' || kind === 'failed' || kind === 'empty' || kind === 'elsewhere',
  },
];

export class ControlsView {
  readonly #buttons: { button: Button; element: HTMLButtonElement }[];
  readonly #learningRate = new NumberField(t('Learning rate'), (value) => ({ type: 'learningRate', value }));
  readonly #threshold = new NumberField(t('Clipping threshold'), (value) => ({ type: 'threshold', value }));
  readonly buttons: HTMLElement;
  readonly fields: HTMLElement;

  constructor(actions: Actions) {
    this.#buttons = buttons.map((button) => {
      const { label: textContent, title, command } = button;
      const made = element('button', { type: 'button', textContent, title });
      made.addEventListener('click', () => (command ? actions.control(command) : actions.train()));
      return { button, element: made };
    });
    this.buttons = element('div', { className: 'buttons' }, ...this.#buttons.map((each) => each.element));
    this.fields = element('div', { className: 'fields' });
    for (const field of [this.#learningRate, this.#threshold]) {
      field.onChange = actions.control;
      this.fields.append(field.label);
    }
  }

  show(run: RunSnapshot | null, live: boolean): void {
    const kind = run?.status.kind ?? 'empty';
    for (const { button, element: made } of this.#buttons) {
      made.hidden = !button.shown(kind, live, run?.start != null);
      made.classList.toggle('secondary', !button.primary.includes(kind));
    }
    this.fields.hidden = !live || !run?.progress;
    if (!run?.progress) return;
    this.#learningRate.show(run.progress.learningRate);
    this.#threshold.show(run.progress.threshold);
  }
}

/** A field for a positive number. It is not overwritten while the user types in it. */
class NumberField {
  readonly label: HTMLLabelElement;
  readonly #input = element('input', { type: 'number', min: '0', step: 'any', required: true });
  onChange: (command: RunCommand) => void = () => {};

  constructor(name: string, command: (value: number) => RunCommand) {
    this.label = element('label', {}, name, this.#input);
    this.#input.addEventListener('change', () => {
      if (this.#input.reportValidity() && this.#input.valueAsNumber > 0)
        this.onChange(command(this.#input.valueAsNumber));
    });
  }

  show(value: number | null): void {
    if (document.activeElement === this.#input) return;
    this.#input.value = value === null ? '' : String(value);
    this.#input.placeholder = value === null ? t('none') : '';
  }
}
