// What measuring costs: the real worker at full rate, its metrics switched on and read, against the same worker without them.
import { setTimeout as sleep } from 'node:timers/promises';
import { Exposition } from '../../src/metrics/exposition.ts';
import { loadNoopProvider, sentPerSecond, someRatedServices } from '../queue/end_to_end.ts';
import type { Stage } from '../queue/stage.ts';
import { aBacklog, clear } from '../support/backlog.ts';
import { say } from '../support/report.ts';
import { wakeServices, withWorker } from '../support/worker.ts';
import { alternate, type Pair } from './alternate.ts';

/** Of the queue's slices: so that one scrape in each is not many times as often as Prometheus asks, every fifteen seconds unless it is told otherwise. */
const sliceFactor = 4;
/** More than a worker sent in a second anywhere so far. */
const mostPerSecond = 12_000;

export function metrics({ pool, url, ...stage }: Stage, pairs: number): Promise<Pair[]> {
  const seconds = sliceFactor * stage.seconds;
  return alternate(pairs, async (isOn) => {
    await clear(pool);
    await someRatedServices(pool);
    const taskId = await aBacklog(pool, mostPerSecond * seconds);
    const measured = isOn ? new Exposition('work') : undefined;
    const send = async () => {
      await wakeServices(pool, taskId);
      await sleep(500 * seconds);
      await measured?.text();
      await sleep(500 * seconds);
    };
    await withWorker(url, loadNoopProvider, send, measured);
    const rate = await sentPerSecond(pool, taskId);
    say(`${isOn ? 'with' : 'without'} metrics: ${Math.round(rate)} mails/s`);
    return rate;
  });
}
