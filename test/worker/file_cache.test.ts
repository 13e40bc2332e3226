// Promise: a Task's files are read once, not once per mail; a Task without files costs one question; what is kept is bounded.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { FileCache } from '../../src/worker/file_cache.ts';
import { createTestDatabase } from '../support/database.ts';
import { aDraft } from '../support/scene.ts';

test('files are read once a Task, in order, by however many at once', async () => {
  const { pool, close } = await createTestDatabase();
  try {
    const { taskId } = await aDraft(pool, { recipients: 1 });
    for (const name of ['b', 'a']) await addFile(pool, taskId, name, 100);
    const { db, asked } = counting(pool);
    const cache = new FileCache();
    const [first, second] = await Promise.all([cache.of(db, taskId), cache.of(db, taskId)]);
    assert.equal(first, second);
    assert.equal(await cache.of(db, taskId), first);
    assert.deepEqual(
      first.map(({ name, contentType, content }) => [name, contentType, content.length]),
      [
        ['b', 'text/plain', 100],
        ['a', 'text/plain', 100],
      ],
    );
    const none = randomUUID();
    for (let i = 0; i < 3; i++) assert.deepEqual(await cache.of(db, none), []);
    assert.deepEqual(asked, [taskId, none]);
  } finally {
    await close();
  }
});

test('those not asked for the longest are forgotten first; one without files forgets none', async () => {
  const { pool, close } = await createTestDatabase();
  try {
    const ids = await Promise.all([1, 2, 3, 4].map(async () => (await aDraft(pool, { recipients: 1 })).taskId));
    const [a = '', b = '', c = '', empty = ''] = ids;
    for (const id of [a, b, c]) await addFile(pool, id, 'big', 10_000_000);
    const { db, asked } = counting(pool);
    const cache = new FileCache();
    for (const id of [a, b, c, empty, a, b, c]) await cache.of(db, id);
    assert.deepEqual(asked, [a, b, c, empty], 'three of 10 MB are kept');
    const other = (await aDraft(pool, { recipients: 1 })).taskId;
    await addFile(pool, other, 'little', 1);
    for (const id of [other, b, c, a]) await cache.of(db, id);
    assert.deepEqual(
      asked,
      [a, b, c, empty, other, a],
      'the fourth takes the place of the one not asked for the longest',
    );
  } finally {
    await close();
  }
});

test('a failure is not kept', async () => {
  const cache = new FileCache();
  const taskId = randomUUID();
  const broken: Queryable = { query: () => Promise.reject(new Error('gone')) };
  await assert.rejects(cache.of(broken, taskId), /gone/);
  await assert.rejects(cache.of(broken, taskId), /gone/);
});

/** Notes the Tasks whose files are asked for. */
function counting(pool: Queryable): { db: Queryable; asked: unknown[] } {
  const asked: unknown[] = [];
  const db: Queryable = {
    query: (query, values) => {
      if (typeof query !== 'string') asked.push(query.values?.[0]);
      return pool.query(query, values);
    },
  };
  return { db, asked };
}

async function addFile(db: Queryable, taskId: string, name: string, bytes: number): Promise<void> {
  const content = Buffer.alloc(bytes).toString('base64');
  await db.query('select app_public.add_task_file($1, $2, $3, $4)', [taskId, name, 'text/plain', content]);
}
