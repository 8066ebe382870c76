// The latest saturation of gates, spectral radii and Lyapunov exponents, as tables.
import type { ProbePoint } from '../../../src/protocol/run.ts';
import { element } from '../figure/element.ts';
import { lyapunovSays } from '../words/captions.ts';
import { t } from '../words/l10n.ts';
import { readableName } from '../words/stateName.ts';

export class InsideTables {
  readonly element = element('div', { id: 'inside' });
  #probe: ProbePoint | undefined;

  show(probe: ProbePoint | undefined): void {
    this.element.hidden = !probe;
    if (!probe || probe === this.#probe) return;
    this.#probe = probe;
    const step = probe.step.toLocaleString('en');
    this.element.replaceChildren(
      list(
        t('Saturated gates at step {0}', step),
        probe.saturation,
        (share) => `${Math.round(100 * share)} %`,
      ),
      list(t('Spectral radius at step {0}', step), probe.spectralRadius, (radius) => radius.toFixed(2)),
      element(
        'div',
        {},
        list(t('Lyapunov exponents at step {0}', step), numbered(probe.lyapunov ?? []), (exponent) =>
          exponent.toFixed(3),
        ),
        element('p', { className: 'says', textContent: lyapunovSays(probe) }),
      ),
    );
  }
}

/** Names exponents by their rank: λ₁ is the largest. */
const numbered = (exponents: readonly number[]) =>
  Object.fromEntries(exponents.map((value, index) => [`λ${subscripts[index]}`, value]));

const subscripts = '₁₂₃₄₅₆₇₈₉';

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
