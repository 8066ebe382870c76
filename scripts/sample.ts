// node scripts/sample.ts, after this file has changed.
// Writes the walkthrough's samples, which no model can have been trained on: the log of a fictitious greenhouse, a table of
// its messages and of whom they are for, some of which is to be filled in, and a series of its climate.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '../src/tape/random.ts';
import { root } from './ready.mjs';

const lines = 420;
const next = random(1);
const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
const tenth = (least: number, most: number) => (whole(10 * least, 10 * most) / 10).toFixed(1);
const oneOf = <Choice>(choices: readonly Choice[]): Choice => choices[whole(0, choices.length - 1)];

const beds = ['tomatoes', 'basil', 'cucumbers', 'peppers', 'seedlings'] as const;
const vents = ['roof north', 'roof south', 'door'] as const;

/** The controller's messages; common ones are repeated. */
const says: readonly (() => string)[] = [
  () => `INFO  climate     air ${tenth(17, 29)} °C, humidity ${whole(48, 86)} %, light ${whole(2, 60)} klx`,
  () => `INFO  climate     air ${tenth(17, 29)} °C, humidity ${whole(48, 86)} %, light ${whole(2, 60)} klx`,
  () => `INFO  soil        ${oneOf(beds)}: moisture ${whole(21, 64)} %, temperature ${tenth(14, 22)} °C`,
  () => `INFO  soil        ${oneOf(beds)}: moisture ${whole(21, 64)} %, temperature ${tenth(14, 22)} °C`,
  () => `INFO  irrigation  valve of ${oneOf(beds)} opened for ${whole(20, 90)} s`,
  () => `INFO  irrigation  valve of ${oneOf(beds)} closed, ${tenth(1, 9)} l delivered`,
  () => `INFO  ventilation ${oneOf(vents)} set to ${oneOf([0, 25, 50, 75, 100])} %`,
  () => `INFO  shade       screen drawn to ${oneOf([0, 30, 60, 90])} %`,
  () => `WARN  soil        ${oneOf(beds)}: moisture below the set point, irrigation requested`,
  () => `WARN  climate     humidity above the set point, ventilation requested`,
  () => `WARN  irrigation  tank at ${whole(8, 19)} %, refill requested`,
  () => `ERROR irrigation  valve of ${oneOf(beds)} does not answer, retry ${whole(1, 3)} of 3`,
];

let seconds = 6 * 3600;
const written = Array.from({ length: lines }, () => {
  seconds += whole(20, 140);
  const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60];
  const time = clock.map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
  return `2026-05-04T${time} ${oneOf(says)()}\n`;
});
const write = (name: string, text: string) => writeFileSync(join(root, 'media/walkthrough', name), text);
write('greenhouse.log', written.join(''));

/** Whom a message of each level is for. */
const readers = { INFO: 'nobody', WARN: 'gardener', ERROR: 'technician' } as const;

const messages = Array.from({ length: 300 }, (_, row) => {
  const [, level, message] = /^(\w+) +\w+ +(.+)$/.exec(says[row % 2 === 0 ? whole(0, 7) : whole(8, 11)]())!;
  const text = message.includes(',') ? `"${message}"` : message;
  return `${text},${row % 3 === 2 ? '' : readers[level as keyof typeof readers]}`;
});
// The last row is one that is to be filled in, and the text ends with it.
write('messages.csv', ['message,for', ...messages].join('\n'));

const hours = Array.from({ length: 21 * 24 }, (_, hour) => {
  const day = (2 * Math.PI * hour) / 24;
  const time = new Date(Date.UTC(2026, 3, 13, hour)).toISOString().slice(0, 16);
  const temperature = 21 - 5 * Math.cos(day) + (next() - 0.5);
  const humidity = 66 + 14 * Math.cos(day - 0.4) + 2 * (next() - 0.5);
  return `${time},${temperature.toFixed(1)},${humidity.toFixed(0)}\n`;
});
write('climate.csv', `time,temperature,humidity\n${hours.join('')}`);
