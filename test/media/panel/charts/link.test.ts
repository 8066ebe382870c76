// Checks how keys move the cursor and the range of steps that the linked charts show.
import { beforeEach, expect, test } from 'vitest';
import { Link } from '../../../../media/panel/charts/link.ts';

let link: Link;
const press = (key: string, shiftKey = false) => link.key({ key, shiftKey });

beforeEach(() => {
  link = new Link();
  link.last = 100;
});

test('all steps are shown until a range is chosen, also while the run goes on', () => {
  expect(link.range).toEqual({ min: 0, max: 100 });
  link.last = 250;
  expect(link.range).toEqual({ min: 0, max: 250 });
  link.show(10, 20);
  link.last = 400;
  expect(link.range).toEqual({ min: 10, max: 20 });
  press('0');
  expect(link.range).toEqual({ min: 0, max: 400 });
});

test('a range stays within the run and is at least one step wide', () => {
  link.show(-30, 40);
  expect(link.range).toEqual({ min: 0, max: 40 });
  link.show(90, 300);
  expect(link.range).toEqual({ min: 90, max: 100 });
  link.show(50.2, 50.3);
  expect(link.range).toEqual({ min: 50.2, max: 51.2 });
});

test('+ zooms into the cursor, - out of it, and a range of everything follows the run again', () => {
  link.point(20);
  press('+');
  expect(link.range.min).toBeCloseTo(4);
  expect(link.range.max).toBeCloseTo(84);
  press('-');
  link.last = 200;
  expect(link.range).toEqual({ min: 0, max: 200 });
});

test('arrows move the cursor from the middle by a hundredth of the range, and not out of it', () => {
  press('ArrowRight');
  expect(link.cursor).toBe(51);
  for (let i = 0; i < 100; i++) press('ArrowLeft');
  expect(link.cursor).toBe(0);
  press('Escape');
  expect(link.cursor).toBeNull();
});

test('arrows with Shift move the range by a tenth of its width, up to the ends of the run', () => {
  link.show(40, 60);
  press('ArrowRight', true);
  expect(link.range).toEqual({ min: 42, max: 62 });
  for (let i = 0; i < 50; i++) press('ArrowRight', true);
  expect(link.range).toEqual({ min: 80, max: 100 });
  for (let i = 0; i < 50; i++) press('ArrowLeft', true);
  expect(link.range).toEqual({ min: 0, max: 20 });
});

test('a changed range and a changed cursor are announced, an equal cursor is not', () => {
  const heard: string[] = [];
  link.onRange = () => heard.push('range');
  link.onCursor = () => heard.push('cursor');
  link.point(3);
  link.point(3);
  press('+');
  expect(heard).toEqual(['cursor', 'range']);
});

test('who is forgotten hears nothing of a range and a cursor', () => {
  const heard: string[] = [];
  link.onRange = () => heard.push('range');
  link.onCursor = () => heard.push('cursor');
  link.forget();
  link.point(3);
  press('+');
  expect(heard).toEqual([]);
});

test('other keys are left to the page', () => {
  expect(press('a')).toBe(false);
  expect(press('toString')).toBe(false);
  expect(press('0')).toBe(true);
});
