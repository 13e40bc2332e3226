import type { Queryable } from '../pool.ts';

const page = 1_000;

/** Every Task's id, in order, read in pages. As the owner of the database. */
export async function* taskIds(db: Queryable): AsyncGenerator<string> {
  for (let last: string | null = null, count = page; count === page; ) {
    const { rows }: { rows: { id: string }[] } = await db.query<{ id: string }>(
      'select id from app_public.tasks where $1::uuid is null or id > $1 order by id limit $2',
      [last, page],
    );
    for (const { id } of rows) yield id;
    count = rows.length;
    last = rows.at(-1)?.id ?? null;
  }
}
