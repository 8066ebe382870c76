// The top of the panel: how far the run has come, as one large figure beside its baselines, and in a sentence.
import { type Baseline, isSameMetric, metricOf, writeValue } from '../../src/protocol/metric.ts';
import { latestOutcome, measuresOf, outcomeOf } from '../../src/protocol/outcome.ts';
import type { RunSnapshot } from '../../src/protocol/run.ts';
import { shown } from '../../src/protocol/shownText.ts';
import { element } from './figure/element.ts';
import { t } from './words/l10n.ts';
import { describeBaseline, nameAndUnit } from './words/metricText.ts';
import { sentence } from './words/text.ts';

export class HeadlineView {
  readonly element = element('section', { id: 'headline' });
  readonly #value = element('strong', { id: 'value' });
  readonly #unit = element('span', { id: 'unit' });
  readonly #bars = element('dl', { id: 'bars' });
  readonly #summary = element('p', { id: 'summary' });

  constructor() {
    this.element.append(
      element('p', { className: 'large' }, this.#value, ' ', this.#unit),
      this.#bars,
      this.#summary,
    );
    this.element.setAttribute('aria-label', t('How well it predicts'));
  }

  show(run: RunSnapshot | null): void {
    this.#summary.textContent = shown(sentence(run));
    // A run that has ended is worth what its best state is.
    const outcome = run && (run.status.kind === 'ended' ? outcomeOf(run) : latestOutcome(run));
    const baselines = run?.start?.baselines ?? [];
    this.#value.parentElement!.hidden = !outcome;
    this.#bars.hidden =
      !run || !outcome || baselines.length === 0 || !isSameMetric(outcome.metric, metricOf(measuresOf(run)));
    if (!outcome) return;
    this.#value.textContent = writeValue(outcome.value);
    this.#unit.textContent = nameAndUnit(outcome.metric);
    this.#showBars(outcome.value, baselines);
  }

  #showBars(value: number, baselines: readonly Baseline[]): void {
    const rows = [
      { name: t('this network'), value, own: true },
      ...baselines.map((each) => ({ name: describeBaseline(each), value: each.value, own: false })),
    ];
    const most = Math.max(...rows.map((row) => row.value).filter(Number.isFinite), Number.MIN_VALUE);
    this.#bars.replaceChildren(
      ...rows.map(({ name, value, own }) => {
        const bar = element('span', { className: own ? 'bar own' : 'bar' });
        bar.style.width = `${Math.max(0, Math.min(100, (100 * value) / most))}%`;
        return element(
          'div',
          {},
          element('dt', { textContent: name }),
          element('dd', {}, element('span', { className: 'track' }, bar), writeValue(value)),
        );
      }),
    );
  }
}
