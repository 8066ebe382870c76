// The samples that the network writes, the latest first, and their temperature.
import { defaultTemperature, maximumTemperature, type RunSnapshot } from '../../../src/protocol/run.ts';
import { element } from '../figure/element.ts';
import { t } from '../words/l10n.ts';
import { surpriseRuns } from './surpriseRuns.ts';
import { surpriseElements } from './surpriseText.ts';

export interface SampleActions {
  /** Sets the temperature of the samples from now on. */
  temperature(value: number): void;
  sample(): void;
}

export class SamplesView {
  readonly element: HTMLElement;
  readonly #temperature = element('input', {
    type: 'number',
    min: '0',
    max: String(maximumTemperature),
    step: '0.1',
    required: true,
    title: t('0 always writes the likeliest, 1 follows the network’s own probabilities, more is bolder'),
  });
  readonly #texts = element('div');
  readonly #fields: HTMLElement;
  #newest: unknown = null;

  constructor({ temperature, sample }: SampleActions) {
    this.#temperature.value = String(defaultTemperature);
    this.#temperature.addEventListener('change', () => {
      if (this.#temperature.reportValidity()) temperature(this.#temperature.valueAsNumber);
    });
    const button = element('button', { type: 'button', className: 'quiet', textContent: t('Write now') });
    button.title = t('Lets the saved model write something at this temperature');
    button.addEventListener('click', () => {
      if (this.#temperature.reportValidity()) sample();
    });
    this.#fields = element(
      'div',
      { className: 'fields' },
      element('label', {}, t('Temperature'), this.#temperature),
      button,
    );
    this.element = element('section', { id: 'samples' }, this.#fields, this.#texts);
  }

  set temperature(value: number) {
    this.#temperature.value = String(value);
  }

  show(run: RunSnapshot | null): void {
    const samples = run?.points.samples ?? [];
    this.element.hidden = samples.length === 0;
    // Samples that are shown already stay, so that they can be read and selected.
    if (samples.at(-1) === this.#newest) return;
    this.#newest = samples.at(-1);
    // A text that is searched for has no temperature.
    this.#fields.hidden = samples.at(-1)?.temperature === null;
    this.#texts.replaceChildren(
      ...samples.toReversed().flatMap(({ step, temperature = defaultTemperature, text, surprise = [] }) => [
        element('h3', {
          textContent:
            temperature === null
              ? t('Step {0}', step.toLocaleString('en'))
              : t('Step {0}, temperature {1}', step.toLocaleString('en'), temperature),
        }),
        element(
          'pre',
          {},
          ...surpriseElements(surpriseRuns(text.replace(/^\n+/, ''), surprise.slice(text.search(/[^\n]|$/)))),
        ),
      ]),
    );
  }
}
