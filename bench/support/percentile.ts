/** @param share 0.5: the median, of an even number the upper of the two in the middle. Throws RangeError for no values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new RangeError('a percentile of nothing');
  return value;
}
