// What watching over the queue costs it: metrics, the roll-up and the rest of the crontab, each by itself, and their sum. By processor time, of which
// the load leaves none unused: between two slices a busy machine's rates differ by more than any of it. What runs more often in a slice than in
// earnest counts by as much less.
import { reported } from '../../test/chaos/verdict.ts';
import type { Figures, Stage } from '../queue/stage.ts';
import { type Pair, pairsOf, priceOf, riseOf } from '../support/alternate.ts';
import { crontab, rollUp, type Slice } from './crontab.ts';
import { metrics } from './metrics.ts';

const most = 0.05;

export async function operations(stage: Stage, pairs: number): Promise<Figures> {
  const measuring = await metrics(stage, pairs);
  const rollingUp = await rollUp(stage, pairs);
  const shifts = await crontab(stage, pairs);
  const prices = {
    // More time a mail means as many fewer of them.
    metrics: priceOf(pairsOf(measuring, (perMail) => 1 / perMail)).median,
    'roll-up': shareOf(rollingUp),
    crontab: shifts.reduce((sum, { pairs, timesTooOften }) => sum + shareOf(pairs) / timesTooOften, 0),
  };
  const all = Object.values(prices).reduce((sum, price) => sum + price, 0);
  return {
    operations: {
      value: 100 * all,
      unit: '%',
      goal: `≤ ${100 * most} % of the processors, medians of ${pairs}`,
      met: all <= most,
    },
    ...named('', prices),
    ...named(', by rates', {
      'roll-up': rateOf(rollingUp),
      ...Object.fromEntries(
        shifts.map(({ pairs, timesTooOften }, n) => [
          `crontab ${n + 1}, ${Math.round(timesTooOften)} times too often`,
          rateOf(pairs),
        ]),
      ),
    }),
  };
}

function shareOf(pairs: readonly Pair<Slice>[]): number {
  return riseOf(pairsOf(pairs, ({ share }) => share));
}

function rateOf(pairs: readonly Pair<Slice>[]): number {
  return priceOf(pairsOf(pairs, ({ rate }) => rate)).median;
}

function named(suffix: string, prices: Readonly<Record<string, number>>): Figures {
  return Object.fromEntries(
    Object.entries(prices).map(([name, price]) => [`operations, ${name}${suffix}`, reported(100 * price, '%')]),
  );
}
