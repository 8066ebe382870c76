// A text whose characters are coloured by their surprise, in the colours of the editor.
import { element } from '../figure/element.ts';
import type { Run } from './surpriseRuns.ts';

/** Returns the elements of a text; each run of a level says it to the eye by its colour and its line. */
export function surpriseElements(runs: readonly Run[]): (HTMLElement | string)[] {
  return runs.map(({ text, level }) =>
    level < 0 ? text : element('span', { className: `surprise surprise-${level + 1}`, textContent: text }),
  );
}
