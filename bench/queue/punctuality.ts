// How well an interval is kept, judged by what the provider saw. Pure.
import type { Entry } from '../../src/simulator/entry.ts';

/** Between two moments of the provider's clock, in ms. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface Punctuality {
  /** Mails that arrived in the window. */
  readonly count: number;
  /** How many would have, had every mail after the first been there the very moment it might. */
  readonly ideal: number;
  /**
   * Of every mail but the first, in ms: its arrival, minus the arrival before it, minus how long the provider took to answer that one, minus
   * the interval. So it is all that the queue added: the way of the answer, its commit, the wait, and the way of the mail.
   */
  readonly latenessMs: readonly number[];
}

/** @param entries of one account, in order of arrival. */
export function punctualityOf(entries: readonly Entry[], intervalMs: number, { from, to }: Window): Punctuality {
  const seen = entries.filter(({ arrivedAt }) => arrivedAt >= from && arrivedAt <= to);
  const [first] = seen;
  if (first === undefined) return { count: 0, ideal: (to - from) / intervalMs, latenessMs: [] };
  const answers = seen.map(answerMs);
  const meanAnswer = answers.reduce((sum, ms) => sum + ms, 0) / answers.length;
  return {
    count: seen.length,
    ideal: 1 + Math.floor((to - first.arrivedAt) / (intervalMs + meanAnswer)),
    latenessMs: seen
      .slice(1)
      .map(({ arrivedAt }, index) => arrivedAt - (seen[index]?.arrivedAt ?? 0) - (answers[index] ?? 0) - intervalMs),
  };
}

function answerMs({ arrivedAt, answeredAt, seq }: Entry): number {
  if (answeredAt === null) throw new Error(`request ${seq} had no answer`);
  return answeredAt - arrivedAt;
}
