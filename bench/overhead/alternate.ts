import { percentile } from '../support/percentile.ts';

/** Rates of two slices, one after the other: with the thing whose price is asked for, and without. */
export interface Pair {
  readonly on: number;
  readonly off: number;
}

/** Shares of the rate without it that it costs; below zero: the machine's own ups and downs are larger. */
export interface Price {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** On, off, off, on, on, off …: whatever the machine does in the long run meets both alike. */
export async function alternate(pairs: number, rate: (isOn: boolean) => Promise<number>): Promise<Pair[]> {
  const done: Pair[] = [];
  for (let number = 0; number < pairs; number += 1) {
    const isOnFirst = number % 2 === 0;
    const first = await rate(isOnFirst);
    const second = await rate(!isOnFirst);
    done.push(isOnFirst ? { on: first, off: second } : { on: second, off: first });
  }
  return done;
}

export function priceOf(pairs: readonly Pair[]): Price {
  const prices = pairs.map(({ on, off }) => 1 - on / off);
  return { median: percentile(prices, 0.5), least: Math.min(...prices), most: Math.max(...prices) };
}
