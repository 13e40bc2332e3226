// What watching over the queue costs it: metrics, the roll-up and the rest of the crontab, each by itself, and their sum. What runs more often in
// a slice than in earnest counts by as much less.
import { reported } from '../../test/chaos/verdict.ts';
import type { Figures, Stage } from '../queue/stage.ts';
import { priceOf } from './alternate.ts';
import { crontab, rollUp } from './crontab.ts';
import { metrics } from './metrics.ts';

const most = 0.05;

export async function operations(stage: Stage, pairs: number): Promise<Figures> {
  const measuring = priceOf(await metrics(stage, pairs));
  const rollingUp = priceOf(await rollUp(stage, pairs));
  const shifts = (await crontab(stage, pairs)).map(({ pairs, timesTooOften }) => ({
    price: priceOf(pairs),
    timesTooOften,
  }));
  const handlers = shifts.reduce((sum, { price, timesTooOften }) => sum + price.median / timesTooOften, 0);
  const all = measuring.median + rollingUp.median + handlers;
  const percent = (share: number) => reported(100 * share, '%');
  return {
    operations: { value: 100 * all, unit: '%', goal: `≤ ${100 * most} %, of medians of ${pairs}`, met: all <= most },
    'operations, metrics': percent(measuring.median),
    'operations, metrics, least': percent(measuring.least),
    'operations, metrics, most': percent(measuring.most),
    'operations, roll-up': percent(rollingUp.median),
    'operations, roll-up, least': percent(rollingUp.least),
    'operations, roll-up, most': percent(rollingUp.most),
    'operations, crontab': percent(handlers),
    ...Object.fromEntries(
      shifts.flatMap(({ price, timesTooOften }, n) => [
        [`operations, crontab ${n + 1}, ${Math.round(timesTooOften)} times too often`, percent(price.median)],
      ]),
    ),
  };
}
