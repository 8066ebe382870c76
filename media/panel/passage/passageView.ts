// The drawings of the latest look into the network: unrolled in time, its units, the path of its state, and the
// windows of its training.
import type { ProbedPassage, ProbePoint, RunSnapshot } from '../../../src/protocol/run.ts';
import { Drawing } from '../figure/drawing.ts';
import { element } from '../figure/element.ts';
import type { Saving } from '../figure/frame.ts';
import { pathSays, unitsSays, unrolledSays, windowSays } from '../words/captions.ts';
import { t } from '../words/l10n.ts';
import { readableName } from '../words/stateName.ts';
import { drawBothWays } from './bothWays.ts';
import { type AroundOf, bothWaysCsv, bothWaysSays } from './bothWaysText.ts';
import { drawPath, pathCsv } from './statePath.ts';
import { drawUnits, unitsCsv } from './unitsMap.ts';
import { drawUnrolled, unrolledCsv, unrolledSteps } from './unrolled.ts';
import { windowsCsv } from './updateWindows.ts';
import { drawWindows } from './windows.ts';

export class PassageView {
  readonly unrolled: Drawing;
  readonly units: Drawing;
  readonly path: Drawing;
  /** The picture of what a bidirectional layer knows at one token. */
  readonly bothWays: Drawing;
  readonly windows: Drawing;
  readonly #vector = element('select', { title: t('Gate or state') });
  #run: RunSnapshot | null = null;
  /** The look that is drawn, which is not drawn again. */
  #probe: ProbePoint | undefined;
  #start: RunSnapshot['start'] = null;

  constructor(actions: Saving) {
    this.unrolled = new Drawing(
      'unrolled',
      {
        caption: t('The network, unrolled in time'),
        label: t(
          'A row for each state and a column for each of the last steps; an arrow is as strong as the gradient that flows back along it, a node as the activation of its state',
        ),
      },
      actions,
    );
    this.#vector.setAttribute('aria-label', t('Gate or state whose units are shown'));
    this.#vector.addEventListener('change', () => this.#drawUnits());
    this.units = new Drawing(
      'units',
      {
        caption: t('Its units, token by token'),
        label: t('The value of each unit after each token: blue is negative, orange positive'),
      },
      actions,
      this.#vector,
    );
    this.path = new Drawing(
      'path',
      {
        caption: t('The path of its state'),
        label: t('The last layer’s state after each token, in its first two principal components'),
      },
      actions,
    );
    this.bothWays = new Drawing(
      'bothWays',
      {
        caption: t('Both directions'),
        label: t(
          'How strongly the output at one token depends on the states at each token: above, those of the cell that reads from the start; below, those of the cell that reads from the end',
        ),
      },
      actions,
    );
    this.windows = new Drawing(
      'windows',
      {
        caption: t('How the text is read in training'),
        label: t(
          'The stream of the text, above it the steps between updates (k1), below it those over which gradients go back (k2)',
        ),
      },
      actions,
    );
    this.unrolled.csv = () => unrolledCsv(this.#probe);
    this.units.csv = () => unitsCsv(this.#probe?.passage, this.#vector.value);
    this.path.csv = () => pathCsv(this.#probe?.passage);
    this.bothWays.csv = () => bothWaysCsv(aroundOf(this.#probe?.passage));
    this.windows.csv = () => windowsCsv(this.#start?.window);
  }

  show(run: RunSnapshot | null): void {
    const probe = run?.points.probes.at(-1);
    const passage = probe?.passage;
    this.#run = run;
    // A row of one token has no steps between which an arrow leads, and one point is no path.
    this.unrolled.element.hidden = !probe || unrolledSteps(probe) < 2;
    this.units.element.hidden = !passage;
    this.path.element.hidden = !passage?.path || passage.path.points.length < 2;
    this.bothWays.element.hidden = !passage?.around;
    this.windows.element.hidden = !run?.start?.window;
    if (probe === this.#probe && run?.start === this.#start) return;
    this.#probe = probe;
    this.#start = run?.start ?? null;
    this.redraw();
  }

  /** Draws everything, as in another theme. */
  redraw(): void {
    const probe = this.#probe;
    const passage = probe?.passage;
    const window = this.#start?.window;
    if (window) {
      const text = passage?.tokens.slice(0, passage.read) ?? [];
      this.windows.show((width, theme) => drawWindows(window, text, width, theme));
      this.windows.says = windowSays(window);
    }
    if (!probe || !passage) return;
    const note = t('at step {0}', probe.step.toLocaleString('en'));
    for (const drawing of [this.unrolled, this.units, this.path, this.bothWays]) drawing.note = note;
    this.unrolled.show((width, theme) => drawUnrolled(probe, this.#start?.equations, width, theme));
    this.unrolled.says = unrolledSays(probe);
    this.path.show((width, theme) => drawPath(passage, width, theme));
    this.path.says = pathSays(passage);
    const around = aroundOf(passage);
    if (around) {
      this.bothWays.show((width, theme) => drawBothWays(around, width, theme));
      this.bothWays.says = bothWaysSays(around);
    }
    this.#offerVectors(Object.keys(passage.vectors));
    this.#drawUnits();
  }

  /** Lets the user choose a vector; the last layer's come first, and what they have chosen stays. */
  #offerVectors(names: readonly string[]): void {
    const values = names.toReversed();
    if (values.join() === [...this.#vector.options].map(({ value }) => value).join()) return;
    this.#vector.replaceChildren(
      ...values.map((value) => element('option', { value, textContent: readableName(value) })),
    );
  }

  #drawUnits(): void {
    const passage = this.#run?.points.probes.at(-1)?.passage;
    const name = this.#vector.value;
    if (!passage) return;
    this.units.show((width, theme) => drawUnits(passage, name, width, theme));
    this.units.says = unitsSays(passage, name);
  }
}

/** Returns what the picture of both directions needs of a passage; null where no layer reads both ways. */
const aroundOf = (passage: ProbedPassage | undefined): AroundOf | null =>
  passage?.around ? { tokens: passage.tokens, around: passage.around } : null;
