// Shows the latest text of the network, each character coloured by how much it surprised the network itself.
import type { RunSnapshot } from '../../../src/protocol/run.ts';
import { element } from '../figure/element.ts';
import { t } from '../words/l10n.ts';
import { lastWriting, type Written } from './lastWriting.ts';
import { sureShare, surpriseRuns, surpriseThresholds } from './surpriseRuns.ts';
import { surpriseElements } from './surpriseText.ts';

export class WritingView {
  readonly element: HTMLElement;
  readonly #text = element('pre', { tabIndex: 0, className: 'scrolled' });
  readonly #caption = element('p', { className: 'says' });
  readonly #legend: HTMLElement;
  #written: Written | null = null;

  constructor() {
    this.#text.setAttribute('aria-label', t('What the network writes'));
    this.#text.setAttribute('role', 'region');
    this.#legend = element(
      'p',
      { className: 'legend' },
      `${t('surprise')} `,
      ...surpriseThresholds.map((bits, level) =>
        element('span', {
          className: `surprise surprise-${level + 1}`,
          textContent: t('≥ {0} bits', bits),
        }),
      ),
    );
    this.element = element(
      'section',
      { id: 'writing', hidden: true },
      element('h2', { textContent: t('What it writes right now') }),
      this.#text,
      this.#legend,
      this.#caption,
    );
  }

  show(run: RunSnapshot | null): void {
    const written = lastWriting(run);
    this.element.hidden = !written;
    if (!written || (written.step === this.#written?.step && written.text === this.#written.text)) return;
    this.#written = written;
    this.#text.replaceChildren(...surpriseElements(surpriseRuns(written.text, written.surprise)));
    this.#legend.hidden = written.surprise.length === 0;
    const step = written.step.toLocaleString('en');
    this.#caption.textContent =
      written.surprise.length === 0
        ? t('Written at step {0}.', step)
        : t(
            'Written at step {0}: it was sure of {1} % of these characters.',
            step,
            Math.round(100 * sureShare(written.text, written.surprise)),
          );
  }
}
