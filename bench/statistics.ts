/** Middle value; of an even count, the lower one of the two. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param q - 0 for the least value, 1 for the greatest */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * (sorted.length - 1)))] ?? Number.NaN;
}

/** A median with the least and the greatest value of its rounds. */
export function spread(values: readonly number[], digits = 2): string {
  const [least, middle, greatest] = [0, 0.5, 1].map((q) => quantile(values, q).toFixed(digits));
  return `${middle} (${least}–${greatest})`;
}
