import { expect, test } from 'vitest';
import { confusionCsv } from '../../../../media/panel/tables/confusionCsv.ts';

test('the matrix as CSV has a row for each class and a column for each that was predicted', () => {
  const counts = [
    [0, 0, 3],
    [0, 1, 1],
    [1, 1, 2],
  ] as const;
  expect(confusionCsv({ classes: ['a', 'b, c'], counts })).toBe(
    'class,as a,"as b, c"\r\na,3,1\r\n"b, c",0,2\r\n',
  );
});
