// The panel apart from the charts: a sentence about what is happening, the numbers, and a table for users who
// do not see the curves.
import type { EarlierRun } from '../../src/protocol/panel.ts';
import type { ProbePoint, RunPoints, RunSnapshot, StepPoint } from '../../src/protocol/run.ts';
import { shown } from '../../src/protocol/shownText.ts';
import { type ComparisonActions, ComparisonTable } from './comparisonTable.ts';
import { type Actions, ControlsView } from './controls.ts';
import { element } from './element.ts';
import { Figure, type Saving } from './figure.ts';
import { t } from './l10n.ts';
import { readableName, statesOf } from './lagText.ts';
import type { Link } from './link.ts';
import { type SampleActions, SamplesView } from './samples.ts';
import { announcement, figures, sentence } from './text.ts';

/** The least time between two announcements to screen readers, in milliseconds. */
const calm = 10_000;

/** The greatest number of rows of the table; a longer history is thinned out. */
const tableRows = 100;

export type ViewActions = Actions & Saving & SampleActions & ComparisonActions;

export class View {
  readonly loss: Figure;
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
  readonly #rows = element('tbody');
  readonly #announcement = element('p', { id: 'announcement', className: 'for-screen-readers' });
  readonly #comparison: ComparisonTable;
  readonly #charts: HTMLElement;
  readonly #table: HTMLDetailsElement;
  #announced = Number.NEGATIVE_INFINITY;
  #said = '';
  #run: RunSnapshot | null = null;

  constructor(root: HTMLElement, link: Link, actions: ViewActions) {
    this.#controls = new ControlsView(actions);
    this.#samples = new SamplesView(actions);
    this.#comparison = new ComparisonTable(actions);
    this.#announcement.setAttribute('role', 'status');
    this.loss = new Figure(
      {
        name: 'loss',
        zooms: true,
        caption: t('Loss'),
        label: t('Loss of training and validation in bits per character, by step'),
      },
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
      this.gradient.element,
      this.lag.element,
      this.strip.element,
      this.#inside,
      this.#samples.element,
    );
    this.#charts.setAttribute('aria-label', t('Charts'));
    this.#table = element(
      'details',
      { id: 'table' },
      element('summary', { textContent: t('Table') }),
      element('div', { className: 'scrolled' }, table(this.#rows)),
    );
    this.#table.addEventListener('toggle', () => this.#fillTable());
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
      this.#table,
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
    this.#table.hidden = !run || run.points.validations.length === 0;
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
    this.#showInside(run);
    this.#samples.show(run);
    this.#comparison.show(run, earlier);
    this.#fillTable();
    this.#announce();
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

  #fillTable(): void {
    if (!this.#table.open || !this.#run) return;
    this.#rows.replaceChildren(
      ...tableOf(this.#run.points).map((cells) =>
        element('tr', {}, ...cells.map((textContent) => element('td', { textContent }))),
      ),
    );
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

const columns = [t('step'), t('training'), t('validation'), t('gradient norm')];

function table(rows: HTMLElement): HTMLTableElement {
  const heads = columns.map((textContent) => element('th', { textContent, scope: 'col' }));
  const caption = element('caption', {
    textContent: t('Loss in bits per character, at each look at the held-out text'),
  });
  return element('table', {}, caption, element('thead', {}, element('tr', {}, ...heads)), rows);
}

/**
 * Returns a row for each validation; where there are many, only rows at even distances and always the last
 * one.
 */
function tableOf({ steps, validations }: RunPoints): string[][] {
  const stride = Math.ceil(validations.length / tableRows);
  const shown = validations.filter((_, index) => (validations.length - 1 - index) % stride === 0);
  const wanted = new Set(shown.map(({ step }) => step));
  const byStep = new Map<number, StepPoint>();
  for (const point of steps) if (wanted.has(point.step)) byStep.set(point.step, point);
  return shown.map(({ step, loss }) => {
    const point = byStep.get(step);
    return [
      step.toLocaleString('en'),
      point?.loss.toFixed(3) ?? '',
      loss.toFixed(3),
      point?.gradientNorm.toPrecision(3) ?? '',
    ];
  });
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
