// Translates the panel's messages with a bundle such as the host hands over.
import { expect, test, vi } from 'vitest';

vi.stubGlobal('document', {
  getElementById: () => ({ dataset: { l10n: '{ "{0} of {1}": "von {1} sind es {0}" }' } }),
});
const { t } = await import('../../../../media/panel/words/l10n.ts');

test.each([
  ['{0} of {1}', ['zwei', 3], 'von 3 sind es zwei'],
  ['Step {0}', [7], 'Step 7'],
  ['{0} bpc', ['$& {1}'], '$& {1} bpc'],
  ['nothing to fill in', [], 'nothing to fill in'],
] as const)('%s', (message, values, expected) => expect(t(message, ...values)).toBe(expected));
