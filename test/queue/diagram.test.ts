// Promise: the picture of the states in docs/architecture.md is what the database allows.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { projectDir } from '../../src/database/server.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

test('every arrow is a transition, and every transition an arrow', async () => {
  const text = await readFile(join(projectDir, 'docs/architecture.md'), 'utf8');
  const drawn = [...text.matchAll(/^ {2}(\w+) --> (\w+)/gm)].map(([, from, to]) => `${from} → ${to}`);
  const { rows } = await database.pool.query<{ move: string }>(
    `select from_status || ' → ' || to_status as move from app_hidden.sub_task_transitions`,
  );
  assert.deepEqual(drawn.sort(), rows.map(({ move }) => move).sort());
});
