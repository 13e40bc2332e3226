// Promise: who may do what is written down in db/access.md, and nobody of one workspace finds out anything about another.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { projectDir } from '../../src/database/server.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { call, mayExecute, nowhere, publicFunctions } from './functions.ts';
import { accessMatrix } from './matrix.ts';
import { aWorld, type Place } from './scene.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase();
});
after(() => db.close());

test('db/access.md is what it is', async () => {
  const file = join(projectDir, 'db', 'access.md');
  assert.equal(await readFile(file, 'utf8'), await accessMatrix(db.url), 'npm run check -- --write, and review it');
});

test('ids of another workspace are answered like ids that do not exist, by every function and for every member', () =>
  withTransaction(db.pool, async (sql) => {
    const world = await aWorld(sql);
    for (const asker of world.askers.filter(({ databaseRole }) => databaseRole === 'postilion_user')) {
      for (const called of await publicFunctions(sql)) {
        if (!(await mayExecute(sql, called, asker))) continue;
        const [there, unknown] = [
          await call(sql, called, asker, world.there),
          await call(sql, called, asker, nowhere(world.there)),
        ];
        assert.deepEqual(there, unknown, `${called.signature} for a ${asker.name}`);
      }
    }
  }));

test('nor does one id of another workspace among one’s own say more than one that does not exist', () =>
  withTransaction(db.pool, async (sql) => {
    const { here, there, askers } = await aWorld(sql);
    const manager = askers.find(({ name }) => name === 'manager');
    assert.ok(manager);
    const made = nowhere(there);
    for (const called of await publicFunctions(sql)) {
      if (!(await mayExecute(sql, called, manager))) continue;
      for (const part of partsOf(here)) {
        const foreign = await call(sql, called, manager, { ...here, [part]: there[part] });
        const unknown = await call(sql, called, manager, { ...here, [part]: made[part] });
        assert.deepEqual(foreign, unknown, `${called.signature} with the ${part} of another workspace`);
      }
    }
  }));

// An address is the one thing a manager may ask about that is not of their workspace: to make a user a member.
function partsOf({ memberEmail: _, ...ids }: Place): Exclude<keyof Place, 'memberEmail'>[] {
  const parts: Exclude<keyof Place, 'memberEmail'>[] = [];
  for (const part in ids) if (isPart(part, ids)) parts.push(part);
  return parts;
}

const isPart = <T extends object>(name: string, of: T): name is Extract<keyof T, string> => name in of;
