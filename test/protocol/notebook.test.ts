// Reads the cells of a notebook's file.
import { expect, test } from 'vitest';
import { readNotebook } from '../../src/protocol/notebook.ts';

const cell = (source: unknown) => ({ cell_type: 'code', metadata: {}, outputs: [{ text: 'made' }], source });
const file = (cells: unknown, nbformat: unknown = 4) => JSON.stringify({ nbformat, cells });

test.each<[string, string, string[] | null]>([
  [
    'cells of one text and of lines',
    file([cell('a = 1\n'), cell(['b = 2\n', 'c'])]),
    ['a = 1\n', 'b = 2\nc'],
  ],
  ['blank cells', file([cell(' \n'), cell([])]), []],
  ['no cells', file([]), []],
  ['something else in JSON', '[1, 2]', null],
  ['no JSON', '{ "cells": [', null],
  ['a cell without a text', file([cell(7)]), null],
  ['an older format, which VS Code does not open either', file([cell('a')], 3), null],
])('%s', (_, text, expected) => expect(readNotebook(text)).toEqual(expected));
