// Promise: whatever a server has set for others, our sessions compile no plan and notice when their other end is gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPool } from '../../src/database/pool.ts';
import { createTestDatabase } from '../support/database.ts';

test('a session brings its own settings, beside those that the address asks for', async (t) => {
  const db = await createTestDatabase();
  t.after(() => db.close());
  const address = new URL(db.url);
  address.searchParams.set('options', '-c work_mem=5MB');
  const { pathname } = address;
  await db.pool.query(`alter database ${pathname.slice(1)} set datestyle to 'German'`);
  const pool = createPool({ connectionString: address.href, applicationName: 'postilion test', max: 1 });
  t.after(() => pool.end());
  const { rows } = await pool.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where source = 'client' and name in ('DateStyle', 'jit', 'max_parallel_workers_per_gather', 'work_mem', 'tcp_user_timeout') order by name`,
  );
  assert.deepEqual(
    rows.map(({ name }) => name),
    ['DateStyle', 'jit', 'max_parallel_workers_per_gather', 'tcp_user_timeout', 'work_mem'],
  );
  assert.deepEqual(
    rows.slice(0, 3).map(({ setting }) => setting),
    ['ISO, MDY', 'off', '0'],
  );
});
