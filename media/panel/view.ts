// The panel apart from the charts: a sentence about what is happening, the numbers, and a table for users who
// do not see the curves.
import { languageModelMeasures, type Measures, type Metric, metricOf } from '../../src/protocol/metric.ts';
import type { EarlierRun } from '../../src/protocol/panel.ts';
import type { ProbePoint, RunSnapshot } from '../../src/protocol/run.ts';
import { shown } from '../../src/protocol/shownText.ts';
import { leftOut, sharesLoss, sharesMetric, shownMeasures } from './comparison.ts';
import { type ComparisonActions, ComparisonTable } from './comparisonTable.ts';
import { ConfusionView, type RowActions } from './confusion.ts';
import { type Actions, ControlsView } from './controls.ts';
import { element } from './element.ts';
import { Figure, type FigureWords, type Saving } from './figure.ts';
import { t } from './l10n.ts';
import { readableName, statesOf } from './lagText.ts';
import type { Link } from './link.ts';
import { MeasurementTable } from './measurementTable.ts';
import { nameAndUnit, term } from './metricText.ts';
import { type SampleActions, SamplesView } from './samples.ts';
import { announcement, figures, sentence } from './text.ts';

/** The least time between two announcements to screen readers, in milliseconds. */
const calm = 10_000;

export type ViewActions = Actions & Saving & SampleActions & ComparisonActions & RowActions;

export class View {
  readonly loss: Figure;
  /** The run's metric; hidden where a run is judged by its loss. */
  readonly metric: Figure;
  readonly gradient: Figure;
  readonly lag: Figure;
  readonly strip: Figure;
  readonly #state = element('select', { title: t('State') });
  readonly #inside = element('div', { id: 'inside' });
  readonly #title = element('h1');
  readonly #summary = element('p', { id: 'summary' });
  readonly #figures = element('dl', { id: 'figures' });
  readonly #controls: ControlsView;
  readonly #remarks = element('ul', { id: 'remarks' });
  readonly #notes = element('ol', { id: 'notes' });
  readonly #samples: SamplesView;
  readonly #announcement = element('p', { id: 'announcement', className: 'for-screen-readers' });
  readonly #comparison: ComparisonTable;
  readonly #confusion: ConfusionView;
  readonly #charts: HTMLElement;
  readonly #table = new MeasurementTable();
  #announced = Number.NEGATIVE_INFINITY;
  #said = '';
  #run: RunSnapshot | null = null;

  constructor(root: HTMLElement, link: Link, actions: ViewActions) {
    this.#controls = new ControlsView(actions);
    this.#samples = new SamplesView(actions);
    this.#comparison = new ComparisonTable(actions);
    this.#confusion = new ConfusionView(actions);
    this.#announcement.setAttribute('role', 'status');
    this.loss = new Figure(
      {
        name: 'loss',
        zooms: true,
        ...lossWords(languageModelMeasures),
      },
      link,
      actions,
    );
    this.metric = new Figure(
      { name: 'metric', zooms: true, ...metricWords(metricOf(languageModelMeasures)) },
      link,
      actions,
    );
    this.gradient = new Figure(
      {
        name: 'gradient',
        zooms: true,
        caption: t('Gradient norm'),
        label: t('Norm of the gradient before clipping, by step'),
      },
      link,
      actions,
    );
    this.lag = new Figure(
      {
        name: 'lag',
        zooms: false,
        caption: t('Gradient by lag'),
        label: t('Norm of the gradient of one step’s loss with respect to each state, by steps back'),
      },
      link,
      actions,
    );
    this.#state.setAttribute('aria-label', t('State whose gradient is shown'));
    this.#state.addEventListener('change', () => link.onRange());
    this.strip = new Figure(
      {
        name: 'strip',
        zooms: true,
        caption: t('Gradient by lag over the training'),
        label: t(
          'The gradient by lag, relative to that at lag 0, a bar at the step of each measurement: pale has vanished, red explodes',
        ),
      },
      link,
      actions,
      this.#state,
    );
    this.#charts = element(
      'section',
      { id: 'charts' },
      this.loss.element,
      this.metric.element,
      this.gradient.element,
      this.lag.element,
      this.strip.element,
      this.#inside,
      this.#samples.element,
    );
    this.#charts.setAttribute('aria-label', t('Charts'));
    root.append(
      element('header', {}, this.#title, this.#controls.buttons),
      this.#summary,
      this.#announcement,
      this.#figures,
      this.#controls.fields,
      this.#remarks,
      this.#notes,
      this.#comparison.element,
      this.#charts,
      this.#confusion.element,
      this.#table.element,
    );
  }

  /** The name of the state that the strip shows. */
  get state(): string | undefined {
    return this.#state.value || undefined;
  }

  set temperature(value: number) {
    this.#samples.temperature = value;
  }

  show(run: RunSnapshot | null, live: boolean, earlier: readonly EarlierRun[]): void {
    this.#run = run;
    this.#title.textContent = run ? shown(run.title) : t('Nothing trained yet');
    this.#controls.show(run, live);
    this.#summary.textContent = shown(sentence(run));
    document.body.dataset.status = run?.status.kind ?? 'empty';
    const failedAtOnce = run?.status.kind === 'failed' && run.points.steps.length === 0;
    this.#charts.hidden = !run || (failedAtOnce && earlier.length === 0);
    this.#figures.replaceChildren(
      ...figures(run).map(({ name, value }) =>
        element('div', {}, element('dt', { textContent: name }), element('dd', { textContent: value })),
      ),
    );
    fill(this.#remarks, [
      ...(run?.start?.fallback ? [run.start.fallback] : []),
      ...(run?.start?.remarks ?? []),
    ]);
    fill(
      this.#notes,
      run?.points.notes.map(({ step, text }) => t('Step {0}: {1}', step.toLocaleString('en'), text)) ?? [],
    );
    this.#showMeasures(run, earlier);
    this.#showInside(run);
    this.#samples.show(run);
    this.#comparison.show(run, earlier);
    this.#confusion.show(run);
    this.#table.show(run);
    this.#announce();
  }

  /** Names the charts of loss and metric, and the runs that have no place in them. */
  #showMeasures(run: RunSnapshot | null, earlier: readonly EarlierRun[]): void {
    if (!run) return;
    const others = earlier.map((each) => each.run);
    const measures = shownMeasures(run, others);
    this.loss.words = lossWords(measures);
    this.metric.words = metricWords(metricOf(measures));
    this.metric.element.hidden = measures.metric === null;
    const otherUnit = leftOut(run, others, (other) => sharesLoss(measures, other)).join(' · ');
    const note = otherUnit && t('Not drawn, as their losses have another unit: {0}', otherUnit);
    this.loss.note = note;
    this.gradient.note = note;
    const otherMetric = leftOut(run, others, (other) => sharesMetric(measures, other)).join(' · ');
    this.metric.note = otherMetric && t('Not drawn, as they have another metric: {0}', otherMetric);
  }

  /** Shows the latest measurement inside the network. */
  #showInside(run: RunSnapshot | null): void {
    const probe = run?.points.probes.at(-1);
    for (const part of [this.lag.element, this.strip.element, this.#inside]) part.hidden = !probe;
    if (!run || !probe) return;
    const states = statesOf(run.points);
    if (states.join() !== [...this.#state.options].map(({ value }) => value).join())
      this.#state.replaceChildren(
        ...states.map((value) => element('option', { value, textContent: readableName(value) })),
      );
    const count = run.points.probes.length;
    this.strip.note = count === 1 ? t('1 measurement') : t('{0} measurements', count.toLocaleString('en'));
    const step = probe.step.toLocaleString('en');
    this.#inside.replaceChildren(
      list(
        t('Saturated gates at step {0}', step),
        probe.saturation,
        (share) => `${Math.round(100 * share)} %`,
      ),
      list(t('Spectral radius at step {0}', step), probe.spectralRadius, (radius) => radius.toFixed(2)),
    );
  }

  /** Says at which step the drawn gradient by lag was measured. */
  showMeasured(probe: ProbePoint | undefined): void {
    this.lag.note = probe ? t('measured at step {0}', probe.step.toLocaleString('en')) : '';
  }

  /** Announces a change of state at once, and the numbers now and then. */
  #announce(): void {
    const kind = this.#run?.status.kind ?? 'empty';
    if (kind === this.#said && performance.now() - this.#announced < calm) return;
    this.#said = kind;
    this.#announced = performance.now();
    this.#announcement.textContent = shown(announcement(this.#run));
  }
}

function lossWords({ lossUnit }: Measures): FigureWords {
  return {
    caption: t('Loss'),
    label: t('Loss of training and validation in {0}, by step', term(lossUnit)),
  };
}

function metricWords(metric: Metric): FigureWords {
  const name = term(metric.name);
  const what = nameAndUnit(metric);
  return {
    caption: name.charAt(0).toUpperCase() + name.slice(1),
    label: metric.lowerIsBetter
      ? t('Validation: {0}, by step; lower is better', what)
      : t('Validation: {0}, by step; higher is better', what),
  };
}

function list(
  caption: string,
  values: Readonly<Record<string, number>>,
  show: (value: number) => string,
): HTMLElement {
  const rows = Object.entries(values).map(([name, value]) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row', textContent: readableName(name) }),
      element('td', { textContent: show(value) }),
    ),
  );
  const made = element(
    'table',
    {},
    element('caption', { textContent: caption }),
    element('tbody', {}, ...rows),
  );
  made.hidden = rows.length === 0;
  return made;
}

function fill(list: HTMLElement, texts: readonly string[]): void {
  const lines = texts.map(shown);
  if (
    lines.length === list.childElementCount &&
    lines.every((text, i) => list.children[i].textContent === text)
  )
    return;
  list.replaceChildren(...lines.map((textContent) => element('li', { textContent })));
}
