// Promise: what the routes do, the commands do at a terminal, with a file or a pipe.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { childEnvironment } from '../../src/config.ts';
import { projectDir } from '../../src/database/server.ts';
import { workerEnvironment } from '../support/campaign.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { contactsOf, one } from './support.ts';

let database: TestDatabase;
let directory: string;
before(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'postilion-bulk-'));
});
after(async () => {
  await database.close();
  await rm(directory, { recursive: true });
});

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(projectDir, 'src/cli.ts'), ...args], {
    env: childEnvironment({ ...workerEnvironment, DATABASE_URL: database.url }),
    stdio: 'pipe',
  });
}

async function run(args: readonly string[], input = '') {
  const { stdin, stdout, stderr, ...child } = await pipes(start(args));
  stdin.end(input);
  const [[code], out, err] = await Promise.all([child.closed, text(stdout), text(stderr)]);
  return { code, out, err };
}

async function pipes(child: ChildProcess) {
  const { stdin, stdout, stderr } = child;
  assert.ok(stdin !== null && stdout !== null && stderr !== null);
  return { stdin, stdout, stderr, closed: once(child, 'close') };
}

test('contacts: a file in, all out, and the same through pipes', async () => {
  const file = join(directory, 'in.csv');
  await writeFile(file, 'Mail;Town\na@example.com;Oslo\nno;x\n');
  const first = await run(['contacts', 'import', file, '--workspace', 'Main', '--map', 'Mail:email', '--tags', 'x,y']);
  assert.deepEqual([first.code, first.err], [0, '']);
  assert.match(first.out, /2 read, 1 inserted, .*1 rejected\.\n {2}line 3: Mail: this is not an address\n/);
  const out = join(directory, 'out.csv');
  assert.deepEqual(await run(['contacts', 'export', out, '--workspace', 'Main']), { code: 0, out: '', err: '' });
  const written = await readFile(out, 'utf8');
  assert.equal(written, 'email,name,timezone,tags,attributes\r\na@example.com,,,x;y,"{""Town"": ""Oslo""}"\r\n');
  assert.equal((await run(['contacts', 'export', '--workspace', 'Main'])).out, written);
  const again = await run(['contacts', 'import', '-', '--workspace', 'Main', '--json'], written);
  assert.deepEqual(JSON.parse(again.out), {
    read: 1,
    rejected: 0,
    errors: [],
    inserted: 0,
    updated: 0,
    unchanged: 1,
    duplicates: 0,
  });
  const workspaceId = await one<string>(database.pool, 'select id from app_public.workspaces');
  assert.equal((await contactsOf(database.pool, workspaceId)).length, 1);
  const refused = await run(['contacts', 'export', out, '--workspace', workspaceId]);
  assert.deepEqual([refused.code, refused.err], [1, `postilion: ${out} can not be written: EEXIST\n`]);
});

test('what can not be done is said in one line', async () => {
  const said = async (...args: string[]) => (await run(args, 'mail\n')).err;
  const main = ['--workspace', 'Main'];
  assert.match(
    await said('contacts', 'import', '-', '--workspace', 'None'),
    /^postilion: there is no workspace "None"\n$/,
  );
  assert.match(
    await said('contacts', 'import', '/none.csv', ...main),
    /^postilion: \/none\.csv can not be read: ENOENT\n$/,
  );
  assert.match(await said('contacts', 'import', '-', ...main), /^postilion: file: it has no column email/);
  const strict = await run(['contacts', 'import', '-', ...main, '--strict'], 'email\nno\n');
  assert.deepEqual([strict.code, /^Nothing was taken/.test(strict.out)], [1, true]);
});

test('suppressions: added, exported, lifted', async () => {
  const main = ['--workspace', 'Main'];
  const added = await run(['suppressions', 'add', 'a@example.com', ...main, '--note', 'by phone']);
  assert.deepEqual(added, { code: 0, out: 'a@example.com is suppressed.\n', err: '' });
  const { out } = await run(['suppressions', 'export', ...main]);
  assert.equal(out, 'email,reason\r\na@example.com,manual\r\n');
  assert.match((await run(['suppressions', 'import', '-', ...main], out)).out, /1 unchanged/);
  const lifted = await run(['suppressions', 'lift', 'A@example.com', ...main, '--note', 'by phone again']);
  assert.deepEqual(lifted, { code: 0, out: 'A@example.com may be written to again.\n', err: '' });
  const again = await run(['suppressions', 'lift', 'a@example.com', ...main, '--note', 'x']);
  assert.deepEqual([again.code, again.err], [1, 'postilion: email: this address is not suppressed in the workspace\n']);
});
