// Promise: a file of contacts is merged as it says, and the answer says exactly how many rows became what.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  aWorkspace,
  type Body,
  type BulkServer,
  contactsOf,
  countOf,
  faultOf,
  one,
  resultOf,
  startBulkServer,
  tally,
} from './support.ts';

let bulk: BulkServer;
before(async () => {
  bulk = await startBulkServer();
});
after(() => bulk.close());

test('known columns, attributes, tags and blanks', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  const file = `Email,Name,TimeZone,Tags,City,Plan
 Ada@Example.COM ,Ada,Europe/London,reader; news |vip,London,free
bob@example.com,,,,"New
York, ""NY""",
`;
  assert.deepEqual(tally(await bulk.imported(workspaceId, file)), { read: 2, inserted: 2 });
  assert.deepEqual(await contactsOf(bulk.pool, workspaceId), [
    {
      email: 'ada@example.com',
      name: 'Ada',
      timezone: 'Europe/London',
      tags: ['news', 'reader', 'vip'],
      attributes: { City: 'London', Plan: 'free' },
    },
    {
      email: 'bob@example.com',
      name: null,
      timezone: null,
      tags: [],
      attributes: { City: 'New\nYork, "NY"' },
    },
  ]);
});

test('a known address is updated: tags united, attributes merged, nothing erased by an empty cell', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  await bulk.imported(
    workspaceId,
    'email,name,timezone,tags,city,plan\na@example.com,A,UTC,x;y,Oslo,free\nb@example.com,B,,x,,\n',
  );
  const versions = 'select xmin::text from app_public.contacts where workspace_id = $1 and email = $2';
  const before = await one(bulk.pool, versions, [workspaceId, 'b@example.com']);
  const result = await bulk.imported(
    workspaceId,
    'email,name,tags,city,size\nA@example.com,,z;x,Bergen,\nb@example.com,B,x,,\nc@example.com,,,,1\n',
  );
  assert.deepEqual(tally(result), { read: 3, inserted: 1, updated: 1, unchanged: 1 });
  const [first] = await contactsOf(bulk.pool, workspaceId);
  assert.deepEqual(first, {
    email: 'a@example.com',
    name: 'A',
    timezone: 'UTC',
    tags: ['x', 'y', 'z'],
    attributes: { city: 'Bergen', plan: 'free' },
  });
  assert.equal(await one(bulk.pool, versions, [workspaceId, 'b@example.com']), before);
});

test('of repeated addresses the last counts', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  const file = 'email,name\na@example.com,1\nb@example.com,1\nA@EXAMPLE.com,2\na@example.com,3\n';
  assert.deepEqual(tally(await bulk.imported(workspaceId, file)), { read: 4, inserted: 2, duplicates: 2 });
  assert.deepEqual(tally(await bulk.imported(workspaceId, file)), { read: 4, unchanged: 2, duplicates: 2 });
  assert.equal((await contactsOf(bulk.pool, workspaceId))[0]?.name, '3');
});

test('columns are renamed and left out, tags added, delimiters found, packed files and marks of the byte order read', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  const text = '\uFEFFMail;Vorname;Notiz\r\na@example.com;"A; B";x\r\n\r\nb@example.com;B;y';
  const path = `/api/contacts/import?workspace=${workspaceId}&map=Mail:email,vorname:first_name&map=Notiz:&tags=new,%20old`;
  const response = await bulk.post(path, gzipSync(text), { 'content-encoding': 'gzip' });
  assert.deepEqual(tally(await resultOf(response)), { read: 2, inserted: 2 });
  const [first, second] = await contactsOf(bulk.pool, workspaceId);
  assert.deepEqual(first?.attributes, { first_name: 'A; B' });
  assert.deepEqual(second?.tags, ['new', 'old']);
  assert.deepEqual(tally(await bulk.imported(workspaceId, 'email\tname\nc@example.com\tC, D\n')), {
    read: 1,
    inserted: 1,
  });
  const given = await bulk.imported(workspaceId, 'email,name;x\nd@example.com,D;E\n', '&delimiter=comma');
  assert.deepEqual(tally(given), { read: 1, inserted: 1 });
});

test('bad rows are told with line and reason, good ones are taken', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  const latin1 = (text: string) => Buffer.from(text, 'latin1');
  const file = Buffer.concat([
    latin1('email,name,notes\n'), // 1
    latin1('good@example.com,"two\r\nlines",x\r\n'), // 2, 3
    latin1(',nobody,x\n'), // 4
    latin1('no address,x,y\n'), // 5
    latin1('a@example.com,x\n'), // 6
    latin1('b@example.com,caf\xe9,y\n'), // 7
    latin1('c@example.com,a\0b,y\n'), // 8
    latin1(`d@example.com,${'x'.repeat(201)},y\n`), // 9
    latin1('e@example.com,5" pipe,y\n'), // 10
    latin1('f@example.com,"x"y,z\n'), // 11
    latin1('g@example.com,"multi\nline"\n'), // 12, 13
    latin1('two@at@example.com,x,y\n'), // 14
    Buffer.from('ü ü@example.com,x,y\n'), // 15
    latin1('h@example.com,"never closed,y\n'), // 16
    latin1('last@example.com,x,y\n'), // 17
  ]);
  const { errors, ...rest } = await bulk.imported(workspaceId, file);
  assert.deepEqual(rest, { read: 14, inserted: 2, updated: 0, unchanged: 0, duplicates: 0, rejected: 12 });
  assert.deepEqual(errors, [
    { line: 4, reason: 'the address is missing', column: 'email' },
    { line: 5, reason: 'this is not an address', column: 'email' },
    { line: 6, reason: '2 columns instead of 3' },
    { line: 7, reason: 'this is not UTF-8 text, or has a NUL in it' },
    { line: 8, reason: 'this is not UTF-8 text, or has a NUL in it' },
    { line: 9, reason: 'longer than 200 characters', column: 'name' },
    { line: 10, reason: 'a quote in a field that does not begin with one' },
    { line: 11, reason: 'something stands behind a closing quote' },
    { line: 12, reason: '2 columns instead of 3' },
    { line: 14, reason: 'this is not an address', column: 'email' },
    { line: 15, reason: 'this is not an address', column: 'email' },
    { line: 16, reason: 'a quote is not closed' },
  ]);
  assert.deepEqual(
    (await contactsOf(bulk.pool, workspaceId)).map(({ email }) => email),
    ['good@example.com', 'last@example.com'],
  );
});

test('of many bad rows the first thousand are told and all are counted', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  const result = await bulk.imported(workspaceId, `email\n${'no\n'.repeat(1_500)}a@example.com\n`);
  assert.deepEqual(tally(result), { read: 1_501, inserted: 1, rejected: 1_500 });
  assert.equal(result.errors.length, 1_000);
  assert.equal(result.errors.at(-1)?.line, 1_001);
});

test('strict: all or nothing', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  const path = `/api/contacts/import?workspace=${workspaceId}&strict=true`;
  const refused = await bulk.post(path, 'email\na@example.com\nno\nü ü@example.com\n');
  assert.equal(refused.status, 400);
  assert.deepEqual(tally(await resultOf(refused)), {
    code: 'BADIN',
    message: 'file: nothing was taken, 2 rows are bad',
    read: 3,
    rejected: 2,
  });
  assert.equal(await countOf(bulk.pool, workspaceId), 0);
  const taken = await bulk.post(path, 'email\na@example.com\n');
  assert.deepEqual(tally(await resultOf(taken)), { read: 1, inserted: 1 });
});

const unreadable: Record<string, [Body, RegExp]> = {
  empty: ['', /^file: it is empty$/],
  'a mark of the byte order alone': ['\uFEFF', /^file: it is empty$/],
  'no column email': ['mail,name\na@example.com,A\n', /^file: it has no column email, but "mail", "name"/],
  binary: [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0x0a]), /^file: the first line is no UTF-8 text$/],
  'UTF-16': [Buffer.from('\uFEFFemail\n', 'utf16le'), /^file: it is UTF-16/],
  'two columns of one name': ['email,Email\n', /^file: two columns are called "email"$/],
  'a header without end': ['x'.repeat(70_000), /^file: the first line is too long/],
};
for (const [name, [file, reason]] of Object.entries(unreadable))
  test(`a file that can not be read at all: ${name}`, async () => {
    const workspaceId = await aWorkspace(bulk.pool);
    const response = await bulk.post(`/api/contacts/import?workspace=${workspaceId}`, file);
    const answer = await faultOf(response);
    assert.equal(response.status, 400);
    assert.equal(answer.code, 'BADIN');
    assert.match(answer.message, reason);
  });

test('what is asked for wrongly is named', async () => {
  const workspaceId = await aWorkspace(bulk.pool);
  const asked = async (query: string, body: Body = 'email\n', headers = {}) => {
    const response = await bulk.post(`/api/contacts/import?${query}`, body, headers);
    return [response.status, (await faultOf(response)).message] as const;
  };
  assert.deepEqual(await asked('workspace=1'), [400, 'workspace: expected the id of a workspace']);
  const unknown = '00000000-0000-4000-8000-000000000000';
  assert.deepEqual(await asked(`workspace=${unknown}`), [404, `workspaceId: there is no workspace ${unknown}`]);
  assert.deepEqual(await asked(`workspace=${workspaceId}&map=x`), [400, 'map: "x" is not <column of the file>:<name>']);
  assert.deepEqual(await asked(`workspace=${workspaceId}&map=x:y`), [
    400,
    'map: the file has no column "x", but "email"',
  ]);
  assert.deepEqual(await asked(`workspace=${workspaceId}`, 'email\n', { 'content-encoding': 'gzip' }), [
    400,
    'file: it is not whole, or no gzip',
  ]);
  const [status, message] = await asked(`workspace=${workspaceId}`, 'email\n', { 'content-encoding': 'br' });
  assert.deepEqual([status, /content encoding br/.test(message)], [400, true]);
});

test('who unsubscribed, or is suppressed, stays so, and no other workspace is touched', async () => {
  const [mine, other] = [await aWorkspace(bulk.pool), await aWorkspace(bulk.pool)];
  await bulk.imported(other, 'email,name\na@example.com,Other\n');
  await bulk.imported(mine, 'email,name\na@example.com,A\n');
  await bulk.pool.query(`update app_public.contacts set status = 'unsubscribed' where workspace_id = $1`, [mine]);
  await bulk.pool.query(
    `insert into app_public.suppressions (workspace_id, email, reason) values ($1, 'a@example.com', 'unsubscribe')`,
    [mine],
  );
  assert.deepEqual(tally(await bulk.imported(mine, 'email,name\na@example.com,New\n')), { read: 1, updated: 1 });
  const statuses = `select string_agg(status || ' ' || name, ', ' order by name) from app_public.contacts where workspace_id = any($1)`;
  assert.equal(await one(bulk.pool, statuses, [[mine, other]]), 'unsubscribed New, active Other');
  assert.equal(
    await one(bulk.pool, 'select count(*)::integer from app_public.suppressions where workspace_id = $1', [mine]),
    1,
  );
});
