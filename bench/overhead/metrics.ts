// What measuring costs: the real worker at full rate, its metrics switched on and read, against the same worker without them.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { Exposition } from '../../src/metrics/exposition.ts';
import { one } from '../../test/support/scene.ts';
import { loadNoopProvider, sentPerSecond, someRatedServices } from '../queue/end_to_end.ts';
import type { Stage } from '../queue/stage.ts';
import { aBacklog, clear } from '../support/backlog.ts';
import { spentSince, workerTimes } from '../support/processor.ts';
import { say } from '../support/report.ts';
import { wakeServices, withWorker } from '../support/worker.ts';
import { alternate, type Pair } from './alternate.ts';

/** Of the queue's slices: so that one scrape in each is not many times as often as Prometheus asks, every fifteen seconds unless it is told otherwise. */
const sliceFactor = 4;
/** More than a worker sent in a second anywhere so far. */
const mostPerSecond = 12_000;

/** What a slice came to. */
export interface Sent {
  /** Mails a second. */
  readonly rate: number;
  /** Processor time of this process, which supervises, of its runners and of their sessions in the database; seconds. */
  readonly perMail: number;
}

export function metrics({ pool, url, ...stage }: Stage, pairs: number): Promise<Pair<Sent>[]> {
  const seconds = sliceFactor * stage.seconds;
  return alternate(pairs, async (isOn) => {
    await clear(pool);
    await someRatedServices(pool);
    const taskId = await aBacklog(pool, mostPerSecond * seconds);
    const measured = isOn ? new Exposition('work') : undefined;
    const send = async () => {
      const before = await workerTimes(pool);
      const own = process.cpuUsage();
      await wakeServices(pool, taskId);
      await sleep(500 * seconds);
      await measured?.text();
      await sleep(500 * seconds);
      const { user, system } = process.cpuUsage(own);
      return {
        spent: spentSince(before, await workerTimes(pool)) + (user + system) / 1e6,
        sent: await sentOf(pool, taskId),
      };
    };
    const { spent, sent } = await withWorker(url, loadNoopProvider, send, measured);
    const [rate, perMail] = [await sentPerSecond(pool, taskId), spent / sent];
    say(`${isOn ? 'with' : 'without'} metrics: ${Math.round(rate)} mails/s, ${(1e6 * perMail).toFixed(1)} µs a mail`);
    return { rate, perMail };
  });
}

function sentOf(pool: pg.Pool, taskId: string): Promise<number> {
  return one(pool, `select count(*)::integer from app_public.sub_tasks where task_id = $1 and sent_at is not null`, [
    taskId,
  ]);
}
