// How long a commit takes to reach everybody who follows its Task: the fold and the throttle take up to a second of it together, the rest is
// reading and telling.
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import type pg from 'pg';
import { pino } from 'pino';
import { z } from 'zod';
import { foldCounters } from '../../src/database/statistics/fold_counters.ts';
import { repeat } from '../../src/worker/repeat.ts';
import { atMost, type Figures, type Stage } from '../queue/stage.ts';
import { aBacklog } from '../support/backlog.ts';
import { percentile } from '../support/percentile.ts';
import { say } from '../support/report.ts';

const commitsPerSecond = 20;

const query = /* GraphQL */ `
  subscription ($taskId: UUID!) {
    taskProgress(taskId: $taskId) { sequence at task { id name status statistics { total states { pending sent cancelled } funnel { sent delivered opened } } } }
  }`;
const message = z.object({
  taskProgress: z.object({ task: z.object({ statistics: z.object({ states: z.object({ cancelled: z.number() }) }) }) }),
});

/** One Task of many SubTasks changes twenty times a second, and 200 subscribers follow it. */
export async function progress(stage: Stage, origin: string, authorization: string): Promise<Figures> {
  const { pool, quick, seconds } = stage;
  const taskId = await aBacklog(pool, quick ? 1_000 : 100_000);
  const commits = seconds * 2 * commitsPerSecond;
  const committedAt: number[] = [];
  const listeners = await gather(origin, taskId, quick ? 20 : 200, authorization);
  say(`${listeners.length} subscribers of one Task`);
  const heard = Promise.all(listeners.map((listener) => listener.follow(commits, committedAt)));
  const folding = repeat(1_000, () => foldCounters(pool), pino({ level: 'silent' }));
  await commit(pool, taskId, commits, committedAt);
  const ms = (await heard).flat();
  await folding.stop();
  await Promise.all(listeners.map((listener) => listener.leave()));
  return {
    progressMedian: atMost(percentile(ms, 0.5), 'ms', 1_000),
    progressP99: atMost(percentile(ms, 0.99), 'ms', 1_200),
  };
}

/** Takes mails out of the Task one by one, and notes when each was gone. */
async function commit(pool: pg.Pool, taskId: string, commits: number, committedAt: number[]): Promise<void> {
  const { rows } = await pool.query<{ id: string }>('select id from app_public.sub_tasks where task_id = $1 limit $2', [
    taskId,
    commits,
  ]);
  for (const { id } of rows) {
    await sleep(1_000 / commitsPerSecond);
    await pool.query(
      `update app_public.sub_tasks set status = 'cancelled', phase = 'over', cancelled_at = now() where id = $1`,
      [id],
    );
    committedAt.push(performance.now());
  }
}

interface Listener {
  /** Hears of so many commits. @returns for each, how long after it that was, in milliseconds. */
  follow(commits: number, committedAt: readonly number[]): Promise<number[]>;
  leave(): Promise<void>;
}

/** Resolves when everybody has had their first message. */
function gather(origin: string, taskId: string, count: number, authorization: string): Promise<Listener[]> {
  return Promise.all(Array.from({ length: count }, () => aListener(origin, taskId, authorization)));
}

async function aListener(origin: string, taskId: string, authorization: string): Promise<Listener> {
  const url = `${origin.replace('http', 'ws')}/graphql`;
  const client = createClient({ url, connectionParams: { authorization } });
  const messages = client.iterate({ query, variables: { taskId } });
  const next = async () => {
    const { done, value } = await messages.next();
    if (done || value.errors !== undefined) throw new Error(`a subscription ended: ${JSON.stringify(value)}`);
    return message.parse(value.data).taskProgress.task.statistics.states.cancelled;
  };
  await next();
  return {
    async follow(commits, committedAt) {
      const ms: number[] = [];
      while (ms.length < commits) {
        const cancelled = await next();
        const now = performance.now();
        // A message may overtake the answer to the commit that it tells of.
        while (ms.length < cancelled) ms.push(now - (committedAt[ms.length] ?? now));
      }
      return ms;
    },
    async leave() {
      await client.dispose();
    },
  };
}
