import type pg from 'pg';

const rows = 10_000;

/** Single-row updates a second, each durably committed, by so many clients: what the machine's disk and PostgreSQL can do at best. */
export async function durableUpdatesPerSecond(pool: pg.Pool, clients: number, seconds: number): Promise<number> {
  await pool.query('create table public.bench_rows (id integer primary key, value integer not null)');
  await pool.query('insert into public.bench_rows select n, 0 from generate_series(0, $1::integer - 1) as n', [rows]);
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  const counts = await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      let count = 0;
      for (; performance.now() < until; count += 1) await update(pool, (client * (rows / clients) + count) % rows);
      return count;
    }),
  );
  const perSecond = (counts.reduce((sum, count) => sum + count, 0) / (performance.now() - startedAt)) * 1_000;
  await pool.query('drop table public.bench_rows');
  return perSecond;
}

async function update(pool: pg.Pool, id: number): Promise<void> {
  await pool.query({
    name: 'bench_update',
    text: 'update public.bench_rows set value = value + 1 where id = $1',
    values: [id],
  });
}
