import type pg from 'pg';
import { atLeast, type Figures, type Stage } from '../queue/stage.ts';
import { say } from '../support/report.ts';
import { withWorker } from '../support/worker.ts';
import { History } from './history.ts';
import { draws, emptied, recordAll, shuffle } from './inbox.ts';
import { sentMails } from './mails.ts';

const goalPerSecond = 5_000;
const rowsPerUpdate = 1_000;

/** From the inbox to SubTask, Contact and statistics, in the order chance gives, beside plain updates of as many rows. */
export async function applied(stage: Stage): Promise<Figures> {
  const { pool, url, quick } = stage;
  const figures: Record<string, Figures[string]> = {};
  for (const [name, perBody] of [
    ['applied', 1],
    ['appliedFromArrays', 100],
  ] as const) {
    say(`applied end to end, ${perBody} to a body`);
    const mails = await sentMails(pool, quick ? 1_000 : 100_000);
    const history = new History(mails);
    const limit = await plainUpdatesPerSecond(pool, history.length);
    const places = shuffle(
      Array.from({ length: history.length }, (_, place) => place),
      draws(7),
    );
    await recordAll(pool, history.of(places), perBody);
    await pool.query('analyze app_public.event_logs');
    const seconds = await withWorker(url, [], () => emptied(pool));
    const value = history.length / seconds;
    figures[name] = { ...atLeast(value, 'events/s', goalPerSecond), limit, ratio: value / limit };
  }
  return figures;
}

/** Rows of two columns changed a second by one client, a thousand to a statement, each statement committed. */
async function plainUpdatesPerSecond(pool: pg.Pool, count: number): Promise<number> {
  await pool.query('create table public.bench_rows (id integer primary key, value integer not null)');
  await pool.query('insert into public.bench_rows select n, 0 from generate_series(0, $1::integer - 1) as n', [count]);
  await pool.query('vacuum analyze public.bench_rows');
  const ids = shuffle(
    Array.from({ length: count }, (_, id) => id),
    draws(3),
  );
  const startedAt = performance.now();
  for (let from = 0; from < count; from += rowsPerUpdate)
    await pool.query('update public.bench_rows set value = value + 1 where id = any ($1)', [
      ids.slice(from, from + rowsPerUpdate),
    ]);
  const perSecond = (count / (performance.now() - startedAt)) * 1_000;
  await pool.query('drop table public.bench_rows');
  return perSecond;
}
