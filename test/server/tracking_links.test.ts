// Promise: clicks that come together are looked up together, each gets the answer to its own link, and a look-up reads only what was asked for.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { LinkLookup } from '../../src/server/tracking/link_lookup.ts';
import { type Link, linkUrls } from '../../src/server/tracking/link_urls.ts';
import { createTestDatabase, withTransaction } from '../support/database.ts';
import { aQueuedTask, one } from '../support/scene.ts';

const link = (number: number): Link => ({ trackingId: 'a mail', number });
const named = ({ number }: Link) => `https://example.com/${number}`;

suite('looking links up', () => {
  test('what arrives during a look-up shares the next', async () => {
    const asked: number[] = [];
    const first = Promise.withResolvers<void>();
    const lookup = new LinkLookup(async (links) => {
      asked.push(links.length);
      if (asked.length === 1) await first.promise;
      return links.map(named);
    });
    const found = [lookup.find(link(0))];
    await turn();
    for (let number = 1; number < 700; number++) found.push(lookup.find(link(number)));
    first.resolve();
    assert.deepEqual(
      await Promise.all(found),
      Array.from({ length: 700 }, (_, number) => named(link(number))),
    );
    assert.deepEqual(asked, [1, 500, 199]);
  });

  test('a failure is told to those who shared it, and to nobody after', async () => {
    let isDown = true;
    const lookup = new LinkLookup(async (links) => {
      if (isDown) throw new Error('down');
      return links.map(named);
    });
    const results = await Promise.allSettled([lookup.find(link(0)), lookup.find(link(1))]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    isDown = false;
    assert.equal(await lookup.find(link(2)), named(link(2)));
  });

  test('no more than some thousands wait for a database that hangs', async () => {
    const back = Promise.withResolvers<void>();
    const lookup = new LinkLookup(async (links) => {
      await back.promise;
      return links.map(named);
    });
    const found = [lookup.find(link(0))];
    await turn();
    for (let number = 1; number <= 5_000; number++) found.push(lookup.find(link(number)));
    await assert.rejects(lookup.find(link(5_001)), { code: 'UNAVL' });
    back.resolve();
    assert.equal((await Promise.all(found)).length, 5_001);
  });

  test('in the database: in the order asked, by index, with null for what there is not', async () => {
    const database = await createTestDatabase();
    try {
      await withTransaction(database.pool, async (db) => {
        // Planned while nothing is there.
        await linkUrls(db, [link(0)]);
        await aQueuedTask(db, { recipients: 2_000 });
        await db.query(
          `update app_public.sub_task_mails set link_urls = array[tracking_id || '/0', tracking_id || '/1']`,
        );
        const { rows } = await db.query<{ tracking_id: string }>(
          'select tracking_id from app_public.sub_task_mails limit 3',
        );
        const links = rows.flatMap(({ tracking_id }) =>
          [1, 0, 2].map((number) => ({ trackingId: tracking_id, number })),
        );
        const before = await rowsRead(db);
        const urls = await linkUrls(db, [...links, link(0)]);
        assert.ok((await rowsRead(db)) - before <= 2 * links.length);
        const expected = links.map(({ trackingId, number }) => (number < 2 ? `${trackingId}/${number}` : null));
        assert.deepEqual(urls, [...expected, null]);
      });
    } finally {
      await database.close();
    }
  });
});

async function rowsRead(db: Parameters<typeof one>[0]): Promise<number> {
  const read = await one<string>(
    db,
    `select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
       from pg_stat_xact_user_tables where relid = 'app_public.sub_task_mails'::regclass`,
  );
  return Number(read);
}
