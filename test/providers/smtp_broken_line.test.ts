// Promise: when the line to an SMTP server breaks, a mail is in doubt only if its final dot may have been written, and then always.
import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { Passage } from '../../src/providers/smtp_passage.ts';
import { aMail, listening, portOf, TIMEOUT_MS } from '../simulator/support.ts';
import { gist, hangUpAfter, scripted, smtpSender } from './smtp_support.ts';

/** Enough to come to the final dot on a busy machine. */
const SHORT_MS = 500;
const BIG = 'x'.repeat(70).concat('\n').repeat(200_000);

test('no listener, no such host: nothing was written, and the service is unreachable', async (t) => {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
  const port = portOf(free);
  await new Promise((resolve) => free.close(resolve));
  const nowhere = smtpSender(t, 0, { baseUrl: 'smtp://nowhere.invalid' });
  assert.equal(gist(await smtpSender(t, port).send(aMail(), TIMEOUT_MS)), 'unusable connect unreachable');
  assert.equal(gist(await nowhere.send(aMail(), TIMEOUT_MS)), 'unusable connect unreachable');
});

test('a line that breaks before MAIL FROM leaves the service unreachable', async (t) => {
  for (const line of ['hello', 'EHLO']) {
    const outcome = await smtpSender(t, await breakingAt(t, line)).send(aMail(), TIMEOUT_MS);
    assert.equal(gist(outcome), 'unusable connect unreachable', line);
  }
  const plain = await scripted(t, () => null);
  const secure = smtpSender(t, 0, { baseUrl: `smtps://127.0.0.1:${plain.port}` });
  assert.equal(gist(await secure.send(aMail(), TIMEOUT_MS)), 'unusable connect unreachable');
});

test('a line that breaks between MAIL FROM and the message: nothing was handed over', async (t) => {
  for (const line of ['MAIL', 'RCPT', 'DATA']) {
    const outcome = await smtpSender(t, await breakingAt(t, line)).send(aMail(), TIMEOUT_MS);
    assert.equal(gist(outcome), 'deferred connection', line);
  }
});

test('a line that breaks within a long message: its end was not written', async (t) => {
  const port = await breakingWithinTheMessage(t);
  assert.equal(gist(await smtpSender(t, port).send(aMail({ text: BIG }), TIMEOUT_MS)), 'deferred connection');
});

test('a line that breaks after the final dot leaves the mail in doubt', async (t) => {
  const outcome = await smtpSender(t, await breakingAt(t, '.')).send(aMail(), TIMEOUT_MS);
  assert.equal(gist(outcome), 'unknown connection');
});

test('a last word cut short is no answer', async (t) => {
  const { port } = await scripted(t, (line, socket) => {
    if (line !== '.') return null;
    socket.end('550 5.1.1 no');
    return '';
  });
  assert.equal(gist(await smtpSender(t, port).send(aMail(), TIMEOUT_MS)), 'unknown connection');
});

test('a kept connection torn under a second mail: that one is tried once, and was not handed over', async (t) => {
  let mails = 0;
  const { port, lines } = await scripted(t, (line, socket) => {
    if (!line.startsWith('MAIL') || ++mails === 1) return null;
    socket.destroy();
    return '';
  });
  const sender = smtpSender(t, port);
  assert.equal((await sender.send(aMail(), TIMEOUT_MS)).kind, 'accepted');
  assert.equal(gist(await sender.send(aMail(), TIMEOUT_MS)), 'deferred connection');
  assert.equal(lines.filter((line) => line === 'hello').length, 1);
  assert.equal(mails, 2);
});

test('silence when the time is up: in doubt only after the final dot', async (t) => {
  const cases = [
    ['hello', 'unusable connect unreachable'],
    ['EHLO', 'unusable connect unreachable'],
    ['MAIL', 'deferred timeout'],
    ['DATA', 'deferred timeout'],
    ['.', 'unknown timeout'],
  ] as const;
  const check = async ([silentAt, expected]: (typeof cases)[number]) => {
    const { port } = await scripted(t, (line) => (line.startsWith(silentAt) ? '' : null));
    assert.equal(gist(await smtpSender(t, port).send(aMail(), SHORT_MS)), expected, silentAt);
  };
  await Promise.all(cases.map(check));
});

test('a timer that goes off a moment early is the time that is up', () => {
  const passage = new Passage(performance.now() + TIMEOUT_MS);
  assert.equal(passage.overdue, false);
  passage.expire();
  assert.equal(passage.overdue, true);
});

test('past its time a message is not written, even when the go-ahead comes first', async () => {
  const passage = new Passage(performance.now() - 1);
  await assert.rejects(passage.watch(Readable.from(['Hello'])).toArray(), /the time was up/);
  assert.equal(passage.stage, 'session');
});

test('after silence a new mail gets a new connection', async (t) => {
  let silent = true;
  const { port } = await scripted(t, (line) => (line === '.' && silent ? '' : null));
  const sender = smtpSender(t, port);
  assert.equal(gist(await sender.send(aMail(), SHORT_MS)), 'unknown timeout');
  silent = false;
  assert.equal((await sender.send(aMail(), TIMEOUT_MS)).kind, 'accepted');
});

test('a yes before the end of the message is none', async (t) => {
  const port = await breakingWithinTheMessage(t, (socket) => socket.write('250 2.0.0 Ok\r\n'));
  assert.equal(gist(await smtpSender(t, port).send(aMail({ text: BIG }), TIMEOUT_MS)), 'unknown answer');
});

/** Tears every connection at the first line that starts so. */
async function breakingAt(t: TestContext, start: string): Promise<number> {
  const { port } = await scripted(t, (line, socket) => {
    if (!line.startsWith(start)) return null;
    socket.destroy();
    return '';
  });
  return port;
}

/** Goes on until the first bytes of a message, then does its worst and reads no more. */
async function breakingWithinTheMessage(
  t: TestContext,
  worst: (socket: Socket) => void = (socket) => socket.destroy(),
) {
  const answers = ['250 test', '250 Ok', '250 Ok', '354 go on'];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 test\r\n');
    socket.on('data', () => {
      const answer = answers.shift();
      if (answer !== undefined) return socket.write(`${answer}\r\n`);
      socket.pause().removeAllListeners('data');
      return worst(socket);
    });
  });
  hangUpAfter(t, server);
  return listening(t, server);
}

test('nor is it when the time ran from before the provider was asked', async (t) => {
  const { port, lines } = await scripted(t, () => null);
  const outcome = await smtpSender(t, port).send(aMail(), TIMEOUT_MS, performance.now() - TIMEOUT_MS);
  assert.notEqual(outcome.kind, 'accepted');
  assert.equal(lines.includes('.'), false);
});
