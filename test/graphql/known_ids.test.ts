// Promise: ids that PostGraphile gives as one JSON array are cast before the policy is asked, so that an index is of use.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { PgClient } from 'postgraphile/@dataplan/pg';
import { withKnownIds } from '../../src/server/graphql/known_ids.ts';

const printed = 'from json_array_elements($1::json) with ordinality as ids) as __identifiers__';

test('ids are cast first, in transactions too', async () => {
  const texts: string[] = [];
  const client: PgClient = {
    query({ text }) {
      texts.push(text);
      return Promise.resolve({ rows: [], rowCount: 0, notices: [] });
    },
    withTransaction: (work) => work(client),
  };
  await withKnownIds(client).query({ text: printed });
  await withKnownIds(client).withTransaction((inner) => inner.query({ text: printed }));
  const cast = 'from json_array_elements($1::json) with ordinality as ids offset 0) as __identifiers__';
  assert.deepEqual(texts, [cast, cast]);
});

test('that is how PostGraphile prints them', async () => {
  const select = new URL('../../node_modules/@dataplan/pg/dist/steps/pgSelect.js', import.meta.url);
  assert.match(await readFile(select, 'utf8'), / with ordinality as ids\) as /);
});
