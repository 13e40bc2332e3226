// Promise: a session answers as pg's own client does, and what it answered is garbage as soon as nobody reads it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getHeapSpaceStatistics } from 'node:v8';
import pg from 'pg';
import { createPool } from '../../src/database/pool.ts';
import { createTestDatabase } from '../support/database.ts';

test('a session', async (t) => {
  const db = await createTestDatabase();
  const pool = createPool({ connectionString: db.url, applicationName: 'postilion test', max: 1 });
  const session = await pool.connect();
  t.after(async () => {
    session.release();
    await pool.end();
    await db.close();
  });

  await t.test('answers by a promise, whatever it is asked with', async () => {
    const text = 'select $1::int as one';
    assert.deepEqual((await session.query(text, [1])).rows, [{ one: 1 }]);
    assert.deepEqual((await session.query({ text, values: [1] })).rows, [{ one: 1 }]);
    assert.deepEqual((await session.query({ text }, [1])).rows, [{ one: 1 }]);
    assert.deepEqual((await session.query({ text: 'select 1 as one', rowMode: 'array' })).rows, [[1]]);
    const several = await session.query('select 1 as one; select 2 as two');
    assert.equal([several].flat().length, 2);
  });

  await t.test('answers by a callback, and by a query that brings its own', async () => {
    const byCallback = await new Promise((resolve, reject) => {
      session.query('select 1 as one', (error, result) => (error ? reject(error) : resolve(result.rows)));
    });
    assert.deepEqual(byCallback, [{ one: 1 }]);
    const bySubmission = await new Promise((resolve, reject) => {
      session.query(new pg.Query('select 1 as one').on('end', ({ rows }) => resolve(rows)).on('error', reject));
    });
    assert.deepEqual(bySubmission, [{ one: 1 }]);
  });

  await t.test('leaves the question as it was', async () => {
    const question = Object.freeze({ text: 'select 1' });
    await session.query(question);
    assert.deepEqual(Object.keys(question), ['text']);
  });

  await t.test('says where the question was asked that failed', async () => {
    const failure = async function whoeverAsks() {
      await session.query('select 1/0');
    };
    await assert.rejects(failure(), (error) => {
      assert(error instanceof pg.DatabaseError);
      assert.equal(error.code, '22012');
      assert.match(error.stack ?? '', /whoeverAsks/);
      return true;
    });
    await assert.rejects(
      session.query({ text: 'select $1::int', values: [{ toPostgres: () => assert.fail('of a value') }] }),
      {
        message: 'of a value',
      },
    );
  });

  await t.test('leaves nothing among the old objects', async () => {
    // Few and large: V8's optimized code would keep nothing even of what it should not make.
    const before = oldBytes();
    for (let i = 0; i < 300; i++) await session.query("select repeat('a', 50000) as a");
    const megabytes = (oldBytes() - before) / 1e6;
    assert(megabytes < 2, `of 15 MB that were read ${megabytes.toFixed(1)} MB were kept`);
  });
});

function oldBytes(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name }) => space_name === 'old_space')
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}
