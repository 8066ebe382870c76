// Draws a thin line at the step of each note, with its number in the panel's list, or those of its neighbours.
import type { Plugin } from 'chart.js';
import type { Theme } from '../figure/theme.ts';
import { groups } from './noteGroups.ts';
import type { XY } from './series.ts';

/** @param notes the notes by their steps; more may be added later */
export const notesPlugin = (theme: Theme, notes: readonly Pick<XY, 'x'>[]): Plugin<'line'> => ({
  id: 'notes',
  afterDatasetsDraw: ({ ctx, chartArea: { left, right, top, bottom }, scales }) => {
    ctx.save();
    ctx.strokeStyle = theme.foreground;
    ctx.fillStyle = theme.foreground;
    ctx.font = `${theme.fontSize * 0.8}px ${theme.font}`;
    ctx.setLineDash([1, 3]);
    const places = notes
      .map(({ x }, index) => ({ at: scales.x.getPixelForValue(x), number: index + 1 }))
      .filter(({ at }) => at >= left && at <= right);
    for (const { at } of places) {
      ctx.beginPath();
      ctx.moveTo(at, top);
      ctx.lineTo(at, bottom);
      ctx.stroke();
    }
    for (const { at, label } of groups(places, 2.5 * theme.fontSize))
      ctx.fillText(label, at + 2, top + theme.fontSize * 0.8);
    ctx.restore();
  },
});
