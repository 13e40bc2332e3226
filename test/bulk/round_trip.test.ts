// Promise: what is exported can be imported again and changes nothing, whatever is in it; and an empty workspace gets the same contacts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { ContactRows } from '../../src/bulk/contact_rows.ts';
import { RowStream } from '../../src/bulk/row_stream.ts';
import { aWorkspace, type BulkServer, type Contact, startBulkServer, tally } from './support.ts';

let bulk: BulkServer;
before(async () => {
  bulk = await startBulkServer();
});
after(() => bulk.close());

// What PostgreSQL's text can hold; with what means something in CSV, in tags and to spreadsheets more often than by chance.
const special = fc.constantFrom(
  ...'",;|\\\'=+-@ \t\r\n',
  '\r\n',
  "'=",
  'ü',
  '€',
  '😀',
  '\u0001',
  '\\.',
  '\\N',
  '\uFEFF',
);
const text = (maxLength: number) =>
  fc
    .array(fc.oneof(special, fc.string({ unit: 'grapheme', maxLength: 4 })), { maxLength })
    .map((parts) => parts.join('').replaceAll('\0', '').slice(0, 90).toWellFormed());
const localPart = fc.stringMatching(/^[a-z0-9'=+\-"\\,;|.!]{1,20}$/);
const json = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '').replaceAll('-0', '0')));
const contact = fc.record({
  localPart,
  name: fc.option(text(6)),
  timezone: fc.option(fc.constantFrom('UTC', 'Europe/Berlin')),
  tags: fc.array(text(3), { maxLength: 3 }),
  attributes: fc.dictionary(text(2), json, { maxKeys: 3, noNullPrototype: true }),
});

async function insert(workspaceId: string, contacts: readonly Contact[]): Promise<void> {
  await bulk.pool.query(
    `insert into app_public.contacts (workspace_id, email, name, timezone, tags, attributes)
     select $1, email, name, timezone, tags, attributes
       from jsonb_to_recordset($2) as given (email text, name text, timezone text, tags text[], attributes jsonb)`,
    [workspaceId, JSON.stringify(contacts)],
  );
}

/** Attributes as text: V8's JSON.parse takes one escaped key for another where it has just read an object like it. */
async function storedIn(workspaceId: string): Promise<Contact[]> {
  const { rows } = await bulk.pool.query<Contact>(
    `select email, name, timezone, tags, to_jsonb(attributes::text) as attributes
       from app_public.contacts where workspace_id = $1 order by email`,
    [workspaceId],
  );
  return rows;
}

/** As an import can make it: nothing is not the empty text, and tags have an order and no empty one. */
const asImported = ({ name, tags, ...rest }: Contact): Contact => ({
  ...rest,
  name: name === '' ? null : name,
  tags: [...new Set(tags.filter((tag) => tag !== ''))].sort(),
});

test('any contacts, out and in', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(contact, { selector: ({ localPart }) => localPart, maxLength: 8 }),
      async (given) => {
        const [workspaceId, empty] = [await aWorkspace(bulk.pool), await aWorkspace(bulk.pool)];
        const contacts = given.map(({ localPart, ...rest }) => ({ email: `${localPart}@example.com`, ...rest }));
        await insert(workspaceId, contacts);
        const stored = await storedIn(workspaceId);
        const file = await bulk.exported(workspaceId);
        const all = contacts.length === 0 ? {} : { read: contacts.length };
        const again = tally(await bulk.imported(workspaceId, file));
        assert.deepEqual(again, contacts.length === 0 ? {} : { ...all, unchanged: contacts.length });
        assert.deepEqual(await storedIn(workspaceId), stored);
        const anew = tally(await bulk.imported(empty, file));
        assert.deepEqual(anew, contacts.length === 0 ? {} : { ...all, inserted: contacts.length });
        assert.deepEqual(await storedIn(empty), stored.map(asImported));
      },
    ),
    { numRuns: 60 },
  );
});

test('only what has a tag', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  await bulk.imported(workspaceId, `email,tags\na@example.com,"x'; y"\nb@example.com,y\n`);
  assert.match(
    await bulk.exported(workspaceId, `&tag=${encodeURIComponent("x'")}`),
    /^email.*\r\na@example.com,,,.*\r\n$/,
  );
});

/** What becomes of a file that comes in pieces of these sizes. */
async function rowsOf(file: Buffer, sizes: readonly number[]) {
  const stream = new RowStream({ delimiter: 'comma', writer: (names) => new ContactRows(names, new Map(), []) });
  const ended = stream.toArray();
  let at = 0;
  for (const size of sizes) {
    stream.write(file.subarray(at, at + size));
    at += size;
  }
  stream.end(file.subarray(at));
  const read = Buffer.concat(await ended).toString('latin1');
  return { read, rows: stream.rows, faults: stream.faults.first };
}

test('any bytes, in any pieces, are the same rows and faults', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'a@example.com,x,y\n',
      'b@example.com,"x\r\n""y""",\r\n',
      '"',
      ',',
      '\n',
      '\r',
      '\r\n',
      '""',
      '\\.\n',
    ),
    fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 12 }),
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 }),
      async (parts, sizes) => {
        const file = Buffer.from(`email,name,x\n${parts.join('')}`, 'latin1');
        assert.deepEqual(await rowsOf(file, sizes), await rowsOf(file, []));
      },
    ),
    { numRuns: 500 },
  );
});

test('any bytes behind a header: each row is taken or told, and the answer is no error of ours', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  const hostile = fc.array(
    fc.oneof(
      special,
      localPart.map((name) => `${name}@example.com,`),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    {
      maxLength: 40,
    },
  );
  await fc.assert(
    fc.asyncProperty(hostile, fc.boolean(), async (parts, isLatin1) => {
      const body = Buffer.from(parts.join(''), isLatin1 ? 'latin1' : 'utf8');
      const { read, inserted, updated, unchanged, duplicates, rejected } = await bulk.imported(
        workspaceId,
        Buffer.concat([Buffer.from('email,tags,attributes\n'), body]),
        '&delimiter=comma',
      );
      assert.equal(read, inserted + updated + unchanged + duplicates + rejected);
    }),
    { numRuns: 150 },
  );
});
