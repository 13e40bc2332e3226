import { reported } from '../../test/chaos/verdict.ts';
import type { Figures } from '../queue/stage.ts';
import { type Pair, priceOf } from '../support/alternate.ts';
import { percentile } from '../support/percentile.ts';

/** @param most what it may cost, as a share of the rate without it */
export function figuresOf(name: string, pairs: readonly Pair[], most: number): Figures {
  const price = priceOf(pairs);
  const [on, off] = [pairs.map((pair) => pair.on), pairs.map((pair) => pair.off)].map((rates) =>
    percentile(rates, 0.5),
  );
  return {
    [name]: {
      value: 100 * price.median,
      unit: '%',
      goal: `≤ ${100 * most} %, the median of ${pairs.length}`,
      met: price.median <= most,
    },
    [`${name}, least`]: reported(100 * price.least, '%'),
    [`${name}, most`]: reported(100 * price.most, '%'),
    [`${name}, rate with it`]: reported(on ?? 0, 'mails/s'),
    [`${name}, rate without`]: reported(off ?? 0, 'mails/s'),
  };
}
