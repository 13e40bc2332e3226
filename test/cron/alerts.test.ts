// Promise: an alert that was resolved long ago goes; one that is open, or that nobody was told of yet, stays.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { forgetAlerts } from '../../src/database/retention/forget_alerts.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { clockForward } from '../support/scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

test('resolved alerts are kept for their days, and deleted in chunks', () =>
  withTransaction(database.pool, async (db) => {
    for (const rule of ['open', 'told', 'told_too', 'untold'])
      await db.query(`select app_private.raise_alert($1, 'x', 'info', 'A sentence.', '{}', null)`, [rule]);
    await db.query(`select app_private.resolve_alert(rule, 'x') from app_public.alerts where rule <> 'open'`);
    await db.query(`update app_public.alerts set is_announced = rule <> 'untold'`);
    const left = async () =>
      (await db.query<{ rule: string }>('select rule from app_public.alerts order by rule')).rows.map(
        ({ rule }) => rule,
      );
    await clockForward(db, '29 days');
    assert.equal(await forgetAlerts(db, 30, 1), 0);
    await clockForward(db, '2 days');
    assert.deepEqual(
      [await forgetAlerts(db, 30, 1), await forgetAlerts(db, 30, 1), await forgetAlerts(db, 30, 1)],
      [1, 1, 0],
    );
    assert.deepEqual(await left(), ['open', 'untold']);
  }));
