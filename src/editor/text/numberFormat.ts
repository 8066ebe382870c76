// Formats numbers for people.

export function number(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** Formats a share in [0, 1] in percent, with at most four digits: a product may have seventeen. */
export function percent(share: number): string {
  return (100 * share).toLocaleString('en', { maximumSignificantDigits: 4 });
}

/** Formats seconds as 0:42 or 1:02:03. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return parts
    .slice(parts[0] > 0 ? 0 : 1)
    .map((part, index) => (index === 0 ? `${part}` : `${part}`.padStart(2, '0')))
    .join(':');
}
