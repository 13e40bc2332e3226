import { scheduler } from 'node:timers/promises';

/**
 * Asks another process's state, which sends no signal, until it is what is expected.
 * @throws Error with the last answer when it isn't within `withinMs`, a bound for broken runs and no measure.
 */
export async function eventually<T>(
  ask: () => Promise<T>,
  expected: (answer: T) => boolean,
  withinMs = 60_000,
): Promise<T> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (expected(answer)) return answer;
    if (performance.now() > giveUpAt) throw new Error(`it never came about; last: ${JSON.stringify(answer)}`);
    await scheduler.wait(20);
  }
}
