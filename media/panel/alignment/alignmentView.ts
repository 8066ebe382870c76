// The alignment of a row that the best state has written, which the user picks.
import type { Alignment } from '../../../src/protocol/alignment.ts';
import type { RunSnapshot, SamplePoint } from '../../../src/protocol/run.ts';
import { shown } from '../../../src/protocol/shownText.ts';
import { Drawing } from '../figure/drawing.ts';
import { element } from '../figure/element.ts';
import type { Saving } from '../figure/frame.ts';
import { t } from '../words/l10n.ts';
import { drawAlignment } from './alignmentMap.ts';
import { alignmentCsv, alignmentSays } from './alignmentText.ts';

export class AlignmentView {
  readonly drawing: Drawing;
  readonly #row = element('select', { title: t('Row') });
  #sample: SamplePoint | undefined;

  constructor(actions: Saving) {
    this.#row.setAttribute('aria-label', t('Row whose alignment is shown'));
    this.#row.addEventListener('change', () => this.redraw());
    this.drawing = new Drawing(
      'alignment',
      {
        caption: t('Where it looks'),
        label: t(
          'The source across, what it writes down; the darker, the more weight a character of the source has',
        ),
      },
      actions,
      this.#row,
    );
    this.drawing.csv = () => alignmentCsv(this.#alignment);
  }

  show(run: RunSnapshot | null): void {
    const sample = run?.points.samples.at(-1);
    this.drawing.element.hidden = !sample?.alignments;
    if (sample === this.#sample) return;
    this.#sample = sample;
    const chosen = Math.max(0, this.#row.selectedIndex);
    this.#row.replaceChildren(
      ...(sample?.alignments ?? []).map(({ source }, index) =>
        element('option', { value: String(index), textContent: shown(source.join('')) }),
      ),
    );
    // The same rows are written each time.
    if (chosen < this.#row.options.length) this.#row.selectedIndex = chosen;
    this.redraw();
  }

  /** Draws it, as in another theme. */
  redraw(): void {
    const alignment = this.#alignment;
    if (!alignment) return;
    this.drawing.note = t('at step {0}', this.#sample!.step.toLocaleString('en'));
    this.drawing.show((width, theme) => drawAlignment(alignment, width, theme));
    this.drawing.says = alignmentSays(alignment);
  }

  get #alignment(): Alignment | undefined {
    return this.#sample?.alignments?.[Number(this.#row.value)];
  }
}
