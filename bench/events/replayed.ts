// A million events, a fifth of them repeats: in order, then shuffled, then all of it again.
import type pg from 'pg';
import { one } from '../../test/support/scene.ts';
import { type Figures, none, type Stage } from '../queue/stage.ts';
import { say } from '../support/report.ts';
import { withWorker } from '../support/worker.ts';
import { History } from './history.ts';
import { draws, emptied, recordAll, shuffle } from './inbox.ts';
import { sentMails } from './mails.ts';

const perBody = 100;
/** An average mail has so many events. */
const perMail = 2.891;
const distinctShare = 0.8;

/** @param count events, repeats counted */
export async function replayed({ pool, url }: Stage, count: number): Promise<Figures> {
  const mails = Math.ceil((count * distinctShare) / perMail);
  await pool.query('drop table if exists public.bench_states');
  return withWorker(url, [], async () => {
    say(`${count} events in order`);
    await play(pool, mails, count, false);
    await pool.query(`create table public.bench_states as ${states}`);
    say('the same, a fifth of them repeats, shuffled');
    const again = await play(pool, mails, count, true);
    const odd = await one<number>(
      pool,
      `select count(*)::integer from (${states}) as shuffled full join public.bench_states as ordered using (recipient) where shuffled is distinct from ordered`,
    );
    say('all of it again');
    const changed = await changesBy(pool, again);
    const drift = await one<number>(
      pool,
      'select coalesce(sum(app_public.tasks_statistics_drift(t)), 0)::integer from app_public.tasks t',
    );
    return { statesThatDiffer: none(odd), changesOfTheSecondPass: none(changed), drift: none(drift) };
  });
}

// Whole rows of both runs are compared; ids and the times of the hand-over are each run's own.
const states = `
  select m.recipient_email as recipient, st.status, st.delivered_at, st.opened_at, st.clicked_at, st.bounced_at, st.bounce_is_soft, st.unsubscribed_at,
         st.complained_at, st.human_opened_at, st.human_clicked_at, st.open_count, st.click_count, st.machine_open_count, st.machine_click_count,
         c.status as contact_status, s.reason
    from app_public.sub_tasks st
    join app_public.sub_task_mails m on m.sub_task_id = st.id
    left join app_public.contacts c on c.id = m.contact_id
    left join app_public.suppressions s on s.workspace_id = c.workspace_id and s.email = c.email`;

/** @returns what plays the same events into the inbox once more. */
async function play(pool: pg.Pool, mails: number, count: number, isShuffled: boolean): Promise<() => Promise<void>> {
  const history = new History(await sentMails(pool, mails));
  const places = Array.from({ length: count }, (_, place) => place % history.length);
  if (isShuffled) shuffle(places, draws(11));
  const record = () => recordAll(pool, history.of(places), perBody);
  await record();
  await pool.query('analyze app_public.event_logs');
  await emptied(pool);
  return record;
}

/** Rows written since: a row's xmin is the transaction that wrote it. */
async function changesBy(pool: pg.Pool, record: () => Promise<void>): Promise<number> {
  const rows = 'select count(*) from';
  const tables = ['sub_tasks', 'contacts', 'suppressions', 'mail_events'];
  const total = () =>
    one<number>(pool, `select (${tables.map((table) => `(${rows} app_public.${table})`).join(' + ')})::integer`);
  const before = await total();
  const since = await one<string>(pool, 'select pg_current_xact_id()::text');
  await record();
  await emptied(pool);
  const written = await one<number>(
    pool,
    `select (${tables.map((table) => `(${rows} app_public.${table} where xmin::text::bigint > $1)`).join(' + ')})::integer`,
    [since],
  );
  return written + Math.abs((await total()) - before);
}
