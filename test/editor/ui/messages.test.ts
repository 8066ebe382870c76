import { expect, test } from 'vitest';
import { throttled } from '../../../src/editor/ui/messages.ts';

test('a progress notification is told a new message at once, and small shares together', () => {
  const reported: unknown[] = [];
  const report = throttled({ report: (value) => void reported.push(value) });
  report(0.25, 'a minute left');
  for (const share of [0.251, 0.252, 0.253]) report(share, 'a minute left');
  report(0.5, 'a minute left');
  report(0.5, '30 seconds left');
  expect(reported).toEqual([
    { increment: 25, message: 'a minute left' },
    { increment: 25, message: 'a minute left' },
    { increment: 0, message: '30 seconds left' },
  ]);
});
