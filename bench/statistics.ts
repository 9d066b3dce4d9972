/** Median; of an even count, the lower of the two middle values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param q - 0 for the minimum, 1 for the maximum */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;
}

/** The median with minimum and maximum: `1.2 (1.0–1.4)`. */
export function spread(values: readonly number[], digits = 2): string {
  const [min, middle, max] = [0, 0.5, 1].map((q) => quantile(values, q).toFixed(digits));
  return `${middle} (${min}–${max})`;
}

/** Like {@link spread}, of one figure of each round. */
export function spreadOf<T>(rounds: readonly T[], of: (round: T) => number, digits = 2): string {
  return spread(rounds.map(of), digits);
}
