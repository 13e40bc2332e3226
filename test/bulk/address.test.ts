// Promise: what is judged an address while a file is read is what the database takes for one, in the form that it keeps.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { rowsOfFile } from './support.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const letter = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'aZ0.@+') },
  fc.integer({ min: 1, max: 127 }).map((code) => String.fromCharCode(code)),
);
const part = fc.oneof(
  fc.string({ unit: letter, maxLength: 6 }),
  fc.integer({ min: 60, max: 260 }).map((length) => 'x'.repeat(length)),
);

test('plain ASCII', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(part, part).map((parts) => parts.join('@')),
        { minLength: 1, maxLength: 50 },
      ),
      async (given) => {
        // What spreadsheets guard, quotes and the blanks that a cell loses are other tests' matter.
        const addresses = given.filter((address) => !/['\t\r\n]/.test(address) && address.trim() !== '');
        const { rows } = await database.pool.query<{ email: string }>(
          `select coalesce(nullif(lower(btrim(address)), ''), '') as email
           from unnest($1::text[]) with ordinality as given (address, number)
          where app_hidden.is_address(address) order by number`,
          [addresses],
        );
        const taken = await rowsOfFile(
          `email\n${addresses.map((address) => `"${address.replaceAll('"', '""')}"\n`).join('')}`,
        );
        assert.deepEqual(
          taken.map((row) => row.split('\t')[1]?.replaceAll('\\\\', '\\')),
          rows.map(({ email }) => email),
        );
      },
    ),
    { numRuns: 200 },
  );
});
