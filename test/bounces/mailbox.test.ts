// Promise: of a real mailbox each message is handed over before it is touched, and one that could not be kept stays where it is.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, suite, test } from 'node:test';
import { ImapFlow } from 'imapflow';
import { type Afterwards, Mailbox, type ReadOptions } from '../../src/bounces/mailbox.ts';
import { type MailboxAddress, mailboxAddressOf } from '../../src/bounces/mailbox_address.ts';
import { MailboxUnusable } from '../../src/bounces/mailbox_unusable.ts';
import { MAX_MESSAGE_BYTES } from '../../src/bounces/messages_in.ts';
import { watchMailbox } from '../../src/bounces/watch.ts';
import { createLogger } from '../../src/log.ts';
import { findDovecot } from './dovecot/program.ts';
import { startDovecot } from './dovecot/server.ts';

const program = await findDovecot();

suite('a mailbox of dovecot', async () => {
  const dovecot = await startDovecot(program);
  after(() => dovecot.close());
  const address = addressOf(dovecot.url);

  /** Another client, for as long as it is needed. */
  async function asPerson<T>(work: (client: ImapFlow) => Promise<T>): Promise<T> {
    const { host, port, user, password: pass } = address;
    const client = new ImapFlow({ host, port, secure: false, auth: { user, pass }, logger: false });
    await client.connect();
    return work(client).finally(() => client.logout());
  }

  /** In a folder of its own. */
  async function aFolder(name: string, ...messages: string[]): Promise<MailboxAddress> {
    await asPerson(async (client) => {
      await client.mailboxCreate(name);
      for (const message of messages) await client.append(name, message);
    });
    return { ...address, folder: name };
  }

  const count = (folder: string, query: object) =>
    asPerson(async (client) => {
      await client.mailboxOpen(folder);
      return ((await client.search(query)) || []).length;
    });

  const flag: Afterwards = { verb: 'flag' };
  const some = ['Subject: 1\r\n\r\nx\r\n', 'Subject: 2\r\n\r\ny\r\n'];

  /** What a run hands over. */
  async function read(
    from: MailboxAddress,
    afterwards: Afterwards,
    more: Partial<ReadOptions> = {},
  ): Promise<string[]> {
    const taken: string[] = [];
    await using mailbox = await Mailbox.open(from);
    await mailbox.read({
      afterwards,
      take: async (messages) => void taken.push(...messages.map(String)),
      onProgress: () => {},
      stopping: new AbortController().signal,
      ...more,
    });
    return taken;
  }

  test('what was read is marked as seen, and is not read again', async () => {
    const folder = await aFolder('flagged', ...some);
    assert.deepEqual(await read(folder, flag), some);
    assert.equal(await count('flagged', { seen: true }), 2);
    assert.deepEqual(await read(folder, flag), []);
  });

  test('or deleted', async () => {
    const folder = await aFolder('deleted', ...some);
    assert.deepEqual(await read(folder, { verb: 'delete' }), some);
    assert.equal(await count('deleted', { all: true }), 0);
  });

  test('or moved to a folder, which is made where there is none', async () => {
    const folder = await aFolder('moved', ...some);
    for (const expected of [some, []]) {
      assert.deepEqual(await read(folder, { verb: 'move', folder: 'done' }), expected);
    }
    assert.equal(await count('done', { all: true }), 2);
  });

  test('what could not be kept stays as it was', async () => {
    const folder = await aFolder('kept', ...some);
    const take = () => Promise.reject(new Error('the database is away'));
    for (const verb of ['flag', 'delete'] as const) {
      await assert.rejects(read(folder, { verb }, { take }), /the database is away/);
    }
    assert.equal(await count('kept', { seen: false }), 2);
  });

  test('many come in batches, and what is long is cut short', async () => {
    const long = `Subject: long\r\n\r\n${'x'.repeat(2 * MAX_MESSAGE_BYTES)}`;
    const folder = await aFolder('many', long, ...Array.from({ length: 44 }, () => some[0] ?? ''));
    const seen: number[] = [];
    const taken = await read(folder, flag, { onProgress: (done, total) => seen.push(done, total) });
    assert.deepEqual(seen, [20, 45, 40, 45, 45, 45]);
    assert.equal(taken.length, 45);
    assert.equal(taken[0], long.slice(0, MAX_MESSAGE_BYTES));
  });

  test('a wrong password, a missing folder and a server that is away are said in a line that holds no password', async () => {
    for (const [wrong, reason] of [
      [{ ...address, password: 'not-this-one' }, /the login of "bounces@example.com" was refused/],
      [{ ...address, folder: 'nowhere' }, /exist: nowhere/],
      [{ ...address, port: 1 }, /ECONNREFUSED/],
    ] as const) {
      const error = await Mailbox.open(wrong).then(
        () => null,
        (error) => error,
      );
      assert.ok(error instanceof MailboxUnusable);
      assert.match(error.message, reason);
      assert.doesNotMatch(error.message, /not-this-one|p@ss/);
    }
  });

  test('elsewhere than on this machine, a server without TLS gets no password', async () => {
    await assert.rejects(Mailbox.open({ ...address, opportunistic: false }), MailboxUnusable);
    assert.equal(await dovecot.clients(), 0);
  });

  test('a watch reads what arrives, also after the server was away', { timeout: 60_000 }, async () => {
    const folder = await aFolder('watched', some[0] ?? '');
    const stop = new AbortController();
    const arrivals = new EventTarget();
    const take = async (messages: readonly Buffer[]) => {
      arrivals.dispatchEvent(Object.assign(new Event('taken'), { messages: messages.map(String) }));
    };
    const taken = async () => (await once(arrivals, 'taken'))[0].messages;
    const first = taken();
    const watching = watchMailbox(
      folder,
      { afterwards: flag, take, onProgress: () => {}, stopping: stop.signal },
      createLogger({ LOG_LEVEL: 'silent' }),
    );
    assert.deepEqual(await first, [some[0]]);
    const second = taken();
    await aFolder('watched', some[1] ?? '');
    assert.deepEqual(await second, [some[1]]);
    const third = taken();
    await dovecot.stop();
    await dovecot.start();
    await aFolder('watched', 'Subject: 3\r\n\r\nz\r\n');
    assert.deepEqual(await third, ['Subject: 3\r\n\r\nz\r\n']);
    stop.abort();
    await watching;
  });
});

function addressOf(url: string): MailboxAddress {
  const address = mailboxAddressOf(url);
  assert.ok(address !== null);
  return address;
}
