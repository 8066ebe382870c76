import { expect, test } from 'vitest';
import { type BudgetSettings, readBudget } from '../../../src/editor/runs/askBudget.ts';

const seconds = (count: number): BudgetSettings => ({ seconds: count, epochs: null });
const epochs = (count: number): BudgetSettings => ({ seconds: null, epochs: count });

test.each<[string, BudgetSettings | null]>([
  ['30', seconds(30)],
  ['30 s', seconds(30)],
  [' 1.5 min ', seconds(90)],
  ['2 minutes', seconds(120)],
  ['5 epochs', epochs(5)],
  ['1 Epoch', epochs(1)],
  ['0 s', null],
  ['-3 s', null],
  ['two weeks', null],
  ['2 weeks', null],
  ['', null],
])('%j', (text, expected) => expect(readBudget(text)).toEqual(expected));
