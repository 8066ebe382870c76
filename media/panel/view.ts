// What stands in the panel besides the charts: what is happening, the numbers, a table for those who do not see
// the curves.
import type { RunSnapshot, StepPoint } from '../../src/protocol/run.ts';
import { announcement, figures, sentence } from './text.ts';

export interface Actions {
  stop(): void;
  train(): void;
}

/** Milliseconds between two announcements to screen readers: calm. */
const calm = 10_000;

export class View {
  readonly lossCanvas = canvas('Loss of training and validation in bits per character, by update');
  readonly gradientCanvas = canvas('Norm of the gradient before clipping, by update');
  readonly #title = element('h1');
  readonly #summary = element('p', { id: 'summary' });
  readonly #figures = element('dl', { id: 'figures' });
  readonly #button = element('button', { type: 'button' });
  readonly #remarks = element('ul', { id: 'remarks' });
  readonly #rows = element('tbody');
  readonly #announcement = element('p', { id: 'announcement', className: 'for-screen-readers' });
  readonly #charts: HTMLElement;
  readonly #table: HTMLElement;
  #announced = Number.NEGATIVE_INFINITY;
  #action: () => void = () => {};
  #said = '';

  constructor(root: HTMLElement, actions: Actions) {
    this.#actions = actions;
    this.#announcement.setAttribute('role', 'status');
    this.#button.addEventListener('click', () => this.#action());
    this.#charts = element(
      'section',
      { id: 'charts' },
      figure('Loss', this.lossCanvas),
      figure('Gradient norm', this.gradientCanvas),
    );
    this.#table = element(
      'details',
      {},
      element('summary', { textContent: 'Table' }),
      element(
        'table',
        {},
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            ...['update', 'training', 'validation', 'gradient norm'].map((textContent) =>
              element('th', { textContent, scope: 'col' }),
            ),
          ),
        ),
        this.#rows,
      ),
    );
    root.append(
      element('header', {}, this.#title, this.#button),
      this.#summary,
      this.#announcement,
      this.#figures,
      this.#remarks,
      this.#charts,
      this.#table,
    );
  }

  readonly #actions: Actions;

  show(run: RunSnapshot | null): void {
    const running = run?.status.kind === 'running' || run?.status.kind === 'starting';
    this.#title.textContent = run?.title ?? 'Nothing trained yet';
    this.#button.textContent = running ? 'Stop' : 'Train on Current File';
    this.#action = running ? this.#actions.stop : this.#actions.train;
    this.#summary.textContent = sentence(run);
    document.body.dataset.status = run?.status.kind ?? 'empty';
    this.#charts.hidden = !run;
    this.#table.hidden = !run || run.points.validations.length === 0;
    this.#figures.replaceChildren(
      ...figures(run).map(({ name, value }) =>
        element('div', {}, element('dt', { textContent: name }), element('dd', { textContent: value })),
      ),
    );
    this.#remarks.replaceChildren(
      ...[
        ...(run?.start?.fallback ? [run.start.fallback] : []),
        ...(run?.start?.remarks ?? []),
        ...(run?.points.notes.map(({ step, text }) => `Update ${step}: ${text}`) ?? []),
      ].map((textContent) => element('li', { textContent })),
    );
    if (run) this.#fillTable(run);
    this.#announce(run);
  }

  #fillTable({ points }: RunSnapshot): void {
    if (this.#rows.childElementCount > points.validations.length) this.#rows.replaceChildren();
    const byStep = new Map<number, StepPoint>(points.steps.map((point) => [point.step, point]));
    for (const { step, loss } of points.validations.slice(this.#rows.childElementCount)) {
      const update = byStep.get(step);
      this.#rows.append(
        element(
          'tr',
          {},
          ...[
            step.toLocaleString('en'),
            update?.loss.toFixed(3) ?? '',
            loss.toFixed(3),
            update?.gradientNorm.toPrecision(3) ?? '',
          ].map((textContent) => element('td', { textContent })),
        ),
      );
    }
  }

  /** A change of state at once, the numbers now and then. */
  #announce(run: RunSnapshot | null): void {
    const kind = run?.status.kind ?? 'empty';
    if (kind === this.#said && performance.now() - this.#announced < calm) return;
    this.#said = kind;
    this.#announced = performance.now();
    this.#announcement.textContent = announcement(run);
  }
}

function figure(caption: string, content: HTMLElement): HTMLElement {
  return element(
    'figure',
    {},
    element('figcaption', { textContent: caption }),
    element('div', { className: 'chart' }, content),
  );
}

function canvas(label: string): HTMLCanvasElement {
  const made = element('canvas', { role: 'img' });
  made.setAttribute('aria-label', `${label}. The table below has the numbers.`);
  return made;
}

function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
  ...children: Node[]
): HTMLElementTagNameMap[Tag] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
