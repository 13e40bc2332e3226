import { percentile } from './percentile.ts';

/** What two slices came to, one after the other, with the thing whose price is asked for and without: mails a second, unless it says otherwise. */
export interface Pair<T = number> {
  readonly on: T;
  readonly off: T;
}

/** Shares of the rate without it that it costs; below zero: the machine's own ups and downs are larger. */
export interface Price {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** On, off, off, on, on, off …: whatever the machine does in the long run meets both alike. */
export async function alternate<T>(pairs: number, slice: (isOn: boolean) => Promise<T>): Promise<Pair<T>[]> {
  const done: Pair<T>[] = [];
  for (let number = 0; number < pairs; number += 1) {
    const isOnFirst = number % 2 === 0;
    const first = await slice(isOnFirst);
    const second = await slice(!isOnFirst);
    done.push(isOnFirst ? { on: first, off: second } : { on: second, off: first });
  }
  return done;
}

export function priceOf(pairs: readonly Pair[]): Price {
  const prices = pairs.map(({ on, off }) => 1 - on / off);
  return { median: percentile(prices, 0.5), least: Math.min(...prices), most: Math.max(...prices) };
}

/** The pairs of one of several things that slices came to. */
export function pairsOf<T>(pairs: readonly Pair<T>[], of: (slice: T) => number): Pair[] {
  return pairs.map(({ on, off }) => ({ on: of(on), off: of(off) }));
}

/** How much more there was of it with the thing than without, at the median. */
export function riseOf(pairs: readonly Pair[]): number {
  return percentile(
    pairs.map(({ on, off }) => on - off),
    0.5,
  );
}
