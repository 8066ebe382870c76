// The panel apart from the charts: the headline, the numbers, and the sections with their figures.
import { metricOf } from '../../src/protocol/metric.ts';
import type { EarlierRun, Front } from '../../src/protocol/panel.ts';
import type { ProbePoint, RunSnapshot } from '../../src/protocol/run.ts';
import { shown } from '../../src/protocol/shownText.ts';
import { AlignmentView } from './alignment/alignmentView.ts';
import { Figures, lossWords, metricWords } from './charts/figures.ts';
import { ForecastFigure } from './charts/forecast.ts';
import { statesOf } from './charts/lagText.ts';
import { LearningCurveFigure } from './charts/learningCurve.ts';
import type { Link } from './charts/link.ts';
import { PredictedFigure } from './charts/predicted.ts';
import { type Actions, ControlsView } from './controls.ts';
import { element } from './figure/element.ts';
import type { Saving } from './figure/frame.ts';
import { HeadlineView } from './headline.ts';
import { InsideTables } from './passage/insideTables.ts';
import { PassageView } from './passage/passageView.ts';
import { Section } from './section.ts';
import { leftOut, sharesLoss, sharesMetric, shownMeasures } from './tables/comparison.ts';
import { type ComparisonActions, ComparisonTable } from './tables/comparisonTable.ts';
import { ConfusionView, type RowActions } from './tables/confusion.ts';
import { MeasurementTable } from './tables/measurementTable.ts';
import { clippingSays, freeRunningSays, frontSays, lagSays, lossSays, metricSays } from './words/captions.ts';
import { t } from './words/l10n.ts';
import { readableName } from './words/stateName.ts';
import { announcement, figures } from './words/text.ts';
import { type SampleActions, SamplesView } from './writing/samples.ts';
import { WritingView } from './writing/writing.ts';

/** The least time between two announcements to screen readers, in milliseconds. */
const calm = 10_000;

export interface FoldActions {
  /** Remembers which sections are folded. */
  fold(sections: readonly string[]): void;
}

export type ViewActions = Actions & Saving & SampleActions & ComparisonActions & FoldActions & RowActions;

export class View {
  readonly figures: Figures;
  readonly #state = element('select', { title: t('State') });
  readonly #title = element('h1');
  readonly #front = element('p', { id: 'front' });
  readonly #headline = new HeadlineView();
  readonly #writing = new WritingView();
  readonly #numbers = element('dl', { id: 'figures' });
  readonly #controls: ControlsView;
  readonly #remarks = element('ul', { id: 'remarks' });
  readonly #notes = element('ol', { id: 'notes' });
  readonly #samples: SamplesView;
  readonly #announcement = element('p', { id: 'announcement', className: 'for-screen-readers' });
  readonly #comparison: ComparisonTable;
  readonly #confusion: ConfusionView;
  readonly #forecast: ForecastFigure;
  readonly #predicted: PredictedFigure;
  readonly #learningCurve: LearningCurveFigure;
  readonly #passage: PassageView;
  readonly #alignment: AlignmentView;
  readonly #inside = new InsideTables();
  readonly #sections: readonly Section[];
  readonly #charts: HTMLElement;
  readonly #table = new MeasurementTable();
  #folded: readonly string[] = [];
  #announced = Number.NEGATIVE_INFINITY;
  #said = '';
  #run: RunSnapshot | null = null;

  constructor(root: HTMLElement, link: Link, actions: ViewActions) {
    this.#controls = new ControlsView(actions);
    this.#samples = new SamplesView(actions);
    this.#comparison = new ComparisonTable(actions);
    this.#confusion = new ConfusionView(actions);
    this.#forecast = new ForecastFigure(link, actions);
    this.#predicted = new PredictedFigure(link, actions);
    this.#learningCurve = new LearningCurveFigure(link, actions);
    this.#passage = new PassageView(actions);
    this.#alignment = new AlignmentView(actions);
    this.#announcement.setAttribute('role', 'status');
    this.#state.setAttribute('aria-label', t('State whose gradient is shown'));
    this.#state.addEventListener('change', () => {
      link.onRange();
      this.showMeasured(this.#run?.points.probes.at(-1));
    });
    this.figures = new Figures(link, actions, this.#state);
    const { loss, metric, gradient, lag, strip, freeRunning } = this.figures;
    const { unrolled, units, path, bothWays, windows } = this.#passage;
    const toggled = () => {
      const folded = this.#sections.filter(({ isFolded }) => isFolded).map(({ name }) => name);
      // A section also says that it is unfolded when it is made.
      if (folded.join() === this.#folded.join()) return;
      this.#folded = folded;
      actions.fold(folded);
    };
    const section = (name: string, title: string, ...children: { readonly element: HTMLElement }[]) =>
      new Section(name, title, toggled, ...children.map((child) => child.element));
    this.#sections = [
      section('forecasts', t('What it forecasts'), this.#forecast),
      section('predictions', t('What it predicts'), this.#predicted),
      section('learning', t('How it learns'), this.#comparison, loss, metric, gradient, this.#learningCurve),
      section('gradients', t('How far back it learns'), unrolled, bothWays, lag, strip, windows),
      section('insides', t('What goes on inside'), units, path, freeRunning, this.#inside),
      section('texts', t('What it wrote'), this.#alignment.drawing, this.#samples),
    ];
    this.#charts = element('div', { id: 'charts' }, ...this.#sections.map((each) => each.element));
    root.append(
      element('header', {}, element('div', {}, this.#title, this.#front), this.#controls.buttons),
      this.#announcement,
      element('div', { id: 'top' }, this.#writing.element, this.#headline.element),
      this.#numbers,
      this.#controls.fields,
      this.#remarks,
      this.#notes,
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

  /** The text in front, and the model that completes it. */
  front: Front | null = null;

  /** Folds the sections of these names and unfolds the others. */
  set folded(names: readonly string[]) {
    this.#folded = this.#sections.map(({ name }) => name).filter((name) => names.includes(name));
    for (const section of this.#sections) section.isFolded = names.includes(section.name);
  }

  /** Draws again what is drawn in the theme's colours, apart from the charts. */
  redraw(): void {
    this.#forecast.redraw();
    this.#predicted.redraw();
    this.#learningCurve.redraw();
    this.#passage.redraw();
    this.#alignment.redraw();
  }

  /** @param id the id of the run, by which it is known whether its model completes the text in front */
  show(run: RunSnapshot | null, live: boolean, earlier: readonly EarlierRun[], id: string | null): void {
    this.#run = run;
    this.#title.textContent = run ? shown(run.title) : t('Nothing trained yet');
    this.#front.textContent = run ? frontSays(this.front, id) : '';
    this.#controls.show(run, live);
    this.#headline.show(run);
    this.#writing.show(run);
    document.body.dataset.status = run?.status.kind ?? 'empty';
    const failedAtOnce = run?.status.kind === 'failed' && run.points.steps.length === 0;
    this.#charts.hidden = !run || (failedAtOnce && earlier.length === 0);
    this.#numbers.replaceChildren(
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
    this.#forecast.show(run);
    this.#predicted.show(run);
    this.#learningCurve.show(run);
    this.#table.show(run);
    for (const section of this.#sections) section.hideEmpty();
    this.#announce();
  }

  /** Names the charts of loss and metric, and the runs that have no place in them. */
  #showMeasures(run: RunSnapshot | null, earlier: readonly EarlierRun[]): void {
    if (!run) return;
    const { loss, metric, gradient } = this.figures;
    const others = earlier.map((each) => each.run);
    const measures = shownMeasures(run, others);
    loss.words = lossWords(measures);
    loss.says = lossSays(run);
    metric.words = metricWords(metricOf(measures));
    metric.element.hidden = measures.metric === null;
    metric.says = metricSays(run);
    gradient.says = clippingSays(run.points);
    const otherUnit = leftOut(run, others, (other) => sharesLoss(measures, other)).join(' · ');
    const note = otherUnit && t('Not drawn, because their losses have another unit: {0}', otherUnit);
    loss.note = note;
    gradient.note = note;
    const otherMetric = leftOut(run, others, (other) => sharesMetric(measures, other)).join(' · ');
    metric.note = otherMetric && t('Not drawn, because they have another metric: {0}', otherMetric);
  }

  /** Shows the latest measurement inside the network. */
  #showInside(run: RunSnapshot | null): void {
    const probe = run?.points.probes.at(-1);
    const { lag, strip, freeRunning } = this.figures;
    for (const part of [lag.element, strip.element]) part.hidden = !probe;
    const losses = probe?.passage?.freeRunning;
    freeRunning.element.hidden = !losses;
    if (losses) freeRunning.says = freeRunningSays(losses);
    this.#passage.show(run);
    this.#alignment.show(run);
    this.#inside.show(probe);
    if (!run || !probe) return;
    const states = statesOf(run.points);
    if (states.join() !== [...this.#state.options].map(({ value }) => value).join())
      this.#state.replaceChildren(
        ...states.map((value) => element('option', { value, textContent: readableName(value) })),
      );
    const count = run.points.probes.length;
    strip.note = count === 1 ? t('1 measurement') : t('{0} measurements', count.toLocaleString('en'));
  }

  /** Says at which step the drawn gradient by lag was measured, and how far it reaches. */
  showMeasured(probe: ProbePoint | undefined): void {
    const { lag } = this.figures;
    lag.note = probe ? t('measured at step {0}', probe.step.toLocaleString('en')) : '';
    lag.says = lagSays(probe, this.state);
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

function fill(list: HTMLElement, texts: readonly string[]): void {
  const lines = texts.map(shown);
  if (
    lines.length === list.childElementCount &&
    lines.every((text, i) => list.children[i].textContent === text)
  )
    return;
  list.replaceChildren(...lines.map((textContent) => element('li', { textContent })));
}
