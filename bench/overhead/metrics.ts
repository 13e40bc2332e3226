// What measuring costs: the real worker at full rate, its metrics switched on and read, against the same worker without them.
import { setTimeout as sleep } from 'node:timers/promises';
import { Exposition } from '../../src/metrics/exposition.ts';
import { isCompleted, loadNoopProvider, sentPerSecond, someRatedServices } from '../queue/end_to_end.ts';
import type { Stage } from '../queue/stage.ts';
import { aBacklog, clear } from '../support/backlog.ts';
import { say } from '../support/report.ts';
import { wakeServices, withWorker } from '../support/worker.ts';
import { alternate, type Pair } from './alternate.ts';

/** A scrape every second, where Prometheus asks every fifteen unless it is told otherwise. */
const scrapeEveryMs = 1_000;
/** More than a worker sent in a second anywhere so far. */
const mostPerSecond = 12_000;

export function metrics({ pool, url, seconds }: Stage, pairs: number): Promise<Pair[]> {
  return alternate(pairs, async (isOn) => {
    await clear(pool);
    await someRatedServices(pool);
    const taskId = await aBacklog(pool, mostPerSecond * seconds);
    const measured = isOn ? new Exposition('work') : undefined;
    const send = async () => {
      await wakeServices(pool, taskId);
      const until = performance.now() + seconds * 1_000;
      while (performance.now() < until && !(await isCompleted(pool, taskId))) {
        await Promise.all([sleep(Math.min(scrapeEveryMs, until - performance.now())), measured?.text()]);
      }
    };
    await withWorker(url, loadNoopProvider, send, measured);
    const rate = await sentPerSecond(pool, taskId);
    say(`${isOn ? 'with' : 'without'} metrics: ${Math.round(rate)} mails/s`);
    return rate;
  });
}
