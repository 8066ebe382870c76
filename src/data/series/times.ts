// The times of a table's rows, which are recognised, not learned, and continued.

/** Names of columns that hold times. */
const timeNames =
  /^(date|time|datetime|date[ _-]?time|timestamp|ts|day|month|year|hour|minute|second|step|index|t|#|)$/i;

/** The beginning of a date as people and programs write them, such as 2026-11-26, 26.11.2026, 11/26/26 or 2026-11. */
const dateLike = /^(\d{1,4}([-./])\d{1,2}\2\d{1,4}|\d{4}-\d{2})([ T]|$)/;

/**
 * Returns whether a column holds times: dates, or numbers that only rise, where it is called so or they rise by
 * equal steps.
 */
export function isTime(name: string, cells: readonly string[]): boolean {
  if (cells.length < 2) return false;
  if (cells.every((cell) => dateLike.test(cell) || isClock(cell))) return true;
  const values = cells.map(Number);
  const steps = values.slice(1).map((value, index) => value - values[index]);
  if (!steps.every((step) => step > 0)) return false;
  const equal = steps.every((step) => Math.abs(step - steps[0]) <= 1e-6 * Math.abs(steps[0]));
  return equal || timeNames.test(name.trim());
}

const isClock = (cell: string): boolean => /^\d{1,2}:\d{2}(:\d{2})?$/.test(cell);

const day = 86_400_000;

/**
 * Continues times by their last step: numbers, and dates as in ISO 8601. The first of a month is followed by the
 * first of the next one.
 * @returns null where they cannot be continued
 */
export function continueTimes(cells: readonly string[], steps: number): string[] | null {
  const [before, last] = cells.slice(-2);
  if (last === undefined) return null;
  const numbers = [Number(before), Number(last)];
  if (before.trim() !== '' && last.trim() !== '' && numbers.every(Number.isFinite)) {
    const digits = Math.max(...[before, last].map((cell) => /\.(\d+)\s*$/.exec(cell)?.[1].length ?? 0));
    const step = numbers[1] - numbers[0];
    return Array.from({ length: steps }, (_, index) => (numbers[1] + (index + 1) * step).toFixed(digits));
  }
  const [from, to] = [before, last].map(readDate);
  if (!from || !to) return null;
  const months =
    12 * (to.at.getUTCFullYear() - from.at.getUTCFullYear()) + to.at.getUTCMonth() - from.at.getUTCMonth();
  const isMonthly =
    months >= 1 && from.at.getTime() % day === 0 && from.at.getUTCDate() === to.at.getUTCDate();
  const step = to.at.getTime() - from.at.getTime();
  return Array.from({ length: steps }, (_, index) => {
    const at = new Date(to.at);
    if (isMonthly) at.setUTCMonth(at.getUTCMonth() + (index + 1) * months);
    else at.setTime(at.getTime() + (index + 1) * step);
    return to.write(at);
  });
}

interface DateCell {
  /** The time, as if it were in UTC. */
  readonly at: Date;
  /** Writes another time in the same form. */
  write(at: Date): string;
}

const isoDate = /^(\d{4}-\d{2}(?:-\d{2})?)(?:([ T])(\d{2}:\d{2})(:\d{2})?(\.\d{3})?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Reads a date as in ISO 8601; null where it is none. */
function readDate(cell: string): DateCell | null {
  const found = isoDate.exec(cell.trim());
  if (!found) return null;
  const [, date, between, minutes, seconds, fraction, zone = ''] = found;
  const at = new Date(`${date}${minutes ? `T${minutes}${seconds ?? ':00'}${fraction ?? ''}` : 'T00:00'}Z`);
  if (Number.isNaN(at.getTime())) return null;
  return {
    at,
    write(other) {
      const text = other.toISOString();
      const clock = text.slice(11, fraction ? 23 : seconds ? 19 : 16);
      return `${text.slice(0, date.length)}${minutes ? `${between}${clock}${zone}` : ''}`;
    },
  };
}
