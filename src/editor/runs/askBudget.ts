// Converts '30 s', '2 min' or '5 epochs' to the settings that limit a run.

const units = [
  { name: /^(s|sec|seconds?)?$/i, of: 'seconds', times: 1 },
  { name: /^(m|min|minutes?)$/i, of: 'seconds', times: 60 },
  { name: /^(e|epochs?)$/i, of: 'epochs', times: 1 },
] as const;

export interface BudgetSettings {
  readonly seconds: number | null;
  readonly epochs: number | null;
}

/** Returns null if the text is not a budget. */
export function readBudget(text: string): BudgetSettings | null {
  const [, amount, unit] = text.trim().match(/^(\d+(?:\.\d+)?)\s*(\p{L}*)$/u) ?? [];
  const meant = units.find(({ name }) => unit !== undefined && name.test(unit));
  if (!meant || !(Number(amount) > 0)) return null;
  return { seconds: null, epochs: null, [meant.of]: Number(amount) * meant.times };
}
