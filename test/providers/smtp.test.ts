// Promise: a mail handed over by SMTP arrives as it was written, and the outcome is the one that the server's answer gives it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import type { SMTPServerAuthentication } from 'smtp-server';
import type { Mail } from '../../src/providers/provider.ts';
import { providerNamed } from '../../src/providers/registry.ts';
import { smtp } from '../../src/providers/smtp.ts';
import { lineOptions } from '../../src/providers/smtp_endpoint.ts';
import { aMail, anAccount, TIMEOUT_MS } from '../simulator/support.ts';
import { aServer, gist, LOGIN, reply, scripted, smtpSender } from './smtp_support.ts';

test('an accepted mail keeps our Message-ID, and the outcome names it with the last line of the answer', async (t) => {
  const { port, taken } = await aServer(t);
  const mail = aMail();
  const outcome = await smtpSender(t, port).send(mail, TIMEOUT_MS);
  const messageId = `${mail.subTaskId}.0@example.com`;
  assert.deepEqual(outcome, { kind: 'accepted', messageId, response: '250 2.0.0 Ok: queued as 1' });
  assert.equal(headersOf(taken[0]?.raw)['message-id'], `<${messageId}>`);
});

test('envelope, headers and both bodies arrive as they were given', async (t) => {
  const { port, taken } = await aServer(t);
  const url = `https://example.com/u/${'x'.repeat(200)}`;
  const mail = aMail({
    from: { address: 'news@example.com', name: 'Ada, "Countess" Ünal' },
    replyTo: 'reply@example.com',
    subject: 'Grüße, 艾达',
    text: 'Hello\n.\n..two dots',
    html: '<p>Hello ✓</p>',
    headers: {
      'List-Unsubscribe': `<${url}>, <mailto:unsubscribe@example.com?subject=${'y'.repeat(80)}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  });
  assert.equal((await smtpSender(t, port).send(mail, TIMEOUT_MS)).kind, 'accepted');
  const { raw = '', session } = taken[0] ?? {};
  const headers = headersOf(raw);
  assert.equal(session?.envelope.mailFrom ? session.envelope.mailFrom.address : null, 'news@example.com');
  assert.deepEqual(
    session?.envelope.rcptTo.map(({ address }) => address),
    ['ada@example.org'],
  );
  assert.match(headers['from'] ?? '', /^=\?UTF-8\?.*\?= <news@example\.com>$/);
  assert.equal(headers['to'], 'ada@example.org');
  assert.equal(headers['reply-to'], 'reply@example.com');
  assert.match(headers['subject'] ?? '', /^=\?UTF-8\?/);
  assert.equal(headers['list-unsubscribe'], mail.headers['List-Unsubscribe']);
  assert.equal(headers['list-unsubscribe-post'], 'List-Unsubscribe=One-Click');
  assert.equal(headers['x-postilion-sub-task'], mail.subTaskId);
  assert.equal(raw.match(/^list-unsubscribe:/gim)?.length, 1);
  assert.match(headers['content-type'] ?? '', /^multipart\/alternative;/);
  assert.match(
    raw,
    /text\/plain[\s\S]*\r\n\r\nHello\r\n\.\r\n\.\.two dots\r\n[\s\S]*text\/html[\s\S]*<p>Hello =E2=9C=93<\/p>/,
  );
  assert.ok(raw.split('\r\n').every((line) => line.length <= 998));
});

test('several mails go over one connection, and go on after one that was refused', async (t) => {
  const { port, taken } = await aServer(t, {
    onRcptTo: ({ address }, _session, done) => done(address.startsWith('no') ? reply(550, '5.1.1 no such user') : null),
  });
  const sender = smtpSender(t, port);
  for (let i = 0; i < 3; i++) assert.equal((await sender.send(aMail(), TIMEOUT_MS)).kind, 'accepted');
  assert.equal(new Set(taken.map(({ session }) => session.id)).size, 1);
  assert.equal(gist(await sender.send(aMail({ to: 'nobody@example.org' }), TIMEOUT_MS)), 'refused 5.1.1');
  assert.equal((await sender.send(aMail(), TIMEOUT_MS)).kind, 'accepted');
});

test('the pool makes no mail wait for another', async (t) => {
  const all = Promise.withResolvers<void>();
  let arrived = 0;
  const { port } = await aServer(t, {
    onMailFrom: async (_address, _session, done) => {
      if (++arrived === 12) all.resolve();
      await all.promise;
      done();
    },
  });
  const sender = smtpSender(t, port);
  const outcomes = await Promise.all(Array.from({ length: 12 }, () => sender.send(aMail(), TIMEOUT_MS)));
  assert.ok(outcomes.every(({ kind }) => kind === 'accepted'));
});

test('a login goes over TLS: STARTTLS, and from the start', async (t) => {
  for (const [scheme, secure] of [
    ['smtp', false],
    ['smtps', true],
  ] as const) {
    const { port, taken } = await aServer(t, { secure, authOptional: false, onAuth: checkLogin });
    const sender = smtpSender(t, port, { baseUrl: `${scheme}://127.0.0.1:${port}`, credentials: LOGIN });
    assert.equal((await sender.send(aMail(), TIMEOUT_MS)).kind, 'accepted');
    assert.deepEqual([taken[0]?.session.secure, taken[0]?.session.user], [true, 'ada']);
  }
});

test('away from loopback STARTTLS is required, unless the URL says otherwise', async (t) => {
  const { port } = await scripted(t, () => null);
  const { port: refusing } = await scripted(t, (line) => (line === 'STARTTLS' ? '502 5.5.1 what?' : null));
  const sendTo = (baseUrl: string) => smtpSender(t, 0, { baseUrl }).send(aMail(), TIMEOUT_MS);
  assert.equal(gist(await sendTo(`smtp://0.0.0.0:${refusing}`)), 'unusable 5.5.1 configuration');
  assert.equal((await sendTo(`smtp://0.0.0.0:${port}?tls=opportunistic`)).kind, 'accepted');
  assert.partialDeepStrictEqual(lineOptions('smtp://mail.example.com'), {
    port: 587,
    requireTLS: true,
    tls: { rejectUnauthorized: true },
  });
  assert.partialDeepStrictEqual(lineOptions('smtps://mail.example.com'), { port: 465, secure: true });
});

test('a certificate nobody vouches for is not taken', async (t) => {
  const { port } = await aServer(t, { secure: true });
  const sender = smtpSender(t, port, { baseUrl: `smtps://0.0.0.0:${port}` });
  assert.equal(gist(await sender.send(aMail(), TIMEOUT_MS)), 'unusable connect unreachable');
});

test('a wrong password makes the service unusable, and is not in the message', async (t) => {
  const { port, taken } = await aServer(t, { authOptional: false, onAuth: checkLogin });
  const wrong = { user: 'ada', password: 'not-the-password' };
  const outcome = await smtpSender(t, port, { credentials: wrong }).send(aMail(), TIMEOUT_MS);
  assert.equal(gist(outcome), 'unusable 535 authentication');
  assert.equal('message' in outcome && outcome.message, '535 "[secret]" is wrong');
  assert.equal(gist(await smtpSender(t, port).send(aMail(), TIMEOUT_MS)), 'unusable 530 authentication');
  assert.equal(taken.length, 0);
});

test('a server too busy to check a password is unreachable', async (t) => {
  const { port } = await scripted(t, (line) => {
    if (line.startsWith('EHLO')) return '250-test\r\n250 AUTH PLAIN';
    return line.startsWith('AUTH') ? '454 4.7.0 later' : null;
  });
  const outcome = await smtpSender(t, port, { credentials: LOGIN }).send(aMail(), TIMEOUT_MS);
  assert.equal(gist(outcome), 'unusable 4.7.0 unreachable');
});

const REPLIES: [command: 'MAIL' | 'RCPT' | 'DATA' | '.', answer: string, expected: string][] = [
  ['MAIL', '550 5.7.1 not from there', 'unusable 5.7.1 configuration'],
  ['MAIL', '553 5.1.8 bad sender', 'unusable 5.1.8 configuration'],
  ['MAIL', '530 5.7.0 authenticate first', 'unusable 5.7.0 authentication'],
  ['MAIL', '451 4.3.0 later', 'deferred 4.3.0'],
  ['RCPT', '550 5.1.1 no such user', 'refused 5.1.1'],
  ['RCPT', '501 5.1.3 bad address', 'refused 5.1.3'],
  ['RCPT', '550 5.2.1 disabled', 'refused 5.2.1'],
  ['RCPT', '550 no such user', 'refused 550'],
  ['RCPT', '551 moved', 'refused 551'],
  ['RCPT', '553 not allowed', 'refused 553'],
  ['RCPT', '550 5.7.1 blocked', 'refused 5.7.1'],
  ['RCPT', '554 5.7.1 <a@b.c>: Relay access denied', 'unusable 5.7.1 configuration'],
  ['RCPT', '553 5.7.1 <a@b.c>: Sender address rejected: not owned by user', 'unusable 5.7.1 configuration'],
  ['RCPT', '550 5.1.8 bad sender', 'unusable 5.1.8 configuration'],
  ['RCPT', '552 5.2.2 mailbox full', 'deferred 5.2.2'],
  ['RCPT', '552 mailbox full', 'deferred 552'],
  ['RCPT', '554 what?', 'deferred 554'],
  ['RCPT', '450 4.2.0 greylisted', 'deferred 4.2.0'],
  ['RCPT', '421 4.3.2 shutting down', 'deferred 4.3.2'],
  ['RCPT', '450-4.2.0 wait\r\n450 4.2.0 more', 'deferred 4.2.0'],
  ['DATA', '451 later', 'deferred 451'],
  ['DATA', '554 no', 'refused 554'],
  ['.', '550 5.7.26 not authenticated', 'refused 5.7.26'],
  ['.', '554 5.6.0 bad content', 'refused 5.6.0'],
  ['.', '554 looks like spam', 'refused 554'],
  ['.', '552 5.3.4 too big', 'refused 5.3.4'],
  ['.', '552 Message size exceeds maximum permitted', 'refused 552'],
  ['.', '552 the message is over the size of the mailbox', 'deferred 552'],
  ['.', '552 mailbox full', 'deferred 552'],
  ['.', '451 4.7.1 later', 'deferred 4.7.1'],
  ['.', '421 4.3.2 shutting down', 'deferred 4.3.2'],
  ['.', '354 what?', 'unknown connection'],
  ['.', 'what?', 'unknown connection'],
];

for (const pipelining of [false, true]) {
  test(`every answer has its outcome${pipelining ? ', pipelined too' : ''}`, async (t) => {
    for (const [command, answer, expected] of REPLIES) {
      const { port } = await scripted(t, (line) => {
        if (line.startsWith('EHLO') && pipelining) return '250-test\r\n250 PIPELINING';
        return line.startsWith(command) ? answer : null;
      });
      assert.equal(gist(await smtpSender(t, port).send(aMail(), TIMEOUT_MS)), expected, `${command}: ${answer}`);
    }
  });
}

test('a no to the greeting or to EHLO makes the service unusable', async (t) => {
  for (const [line, answer, expected] of [
    ['hello', '554 5.7.1 go away', 'unusable 5.7.1 configuration'],
    ['hello', '421 too busy', 'unusable 421 unreachable'],
    ['EHLO', '421 4.3.2 shutting down', 'unusable 4.3.2 unreachable'],
    ['EHLO', '550 who?', 'unusable 550 configuration'],
  ] as const) {
    const { port } = await scripted(t, (said) => (said.startsWith(line) || said.startsWith('HELO') ? answer : null));
    assert.equal(gist(await smtpSender(t, port).send(aMail(), TIMEOUT_MS)), expected, answer);
  }
});

test('a line break anywhere a header could be made of it is refused before anything is sent', async (t) => {
  const { port, lines } = await scripted(t, () => null);
  const sender = smtpSender(t, port);
  const injections: Partial<Mail>[] = [
    { to: 'ada@example.org\r\nBcc: eve@example.net' },
    { replyTo: 'a@b.c\nX: y' },
    { from: { address: 'a@b.c\r', name: null } },
    { from: { address: 'a@b.c', name: 'Ada\r\nBcc: eve@example.net' } },
    { subject: 'Hello\nBcc: eve@example.net' },
    { headers: { 'List-Id': 'x\r\nBcc: eve@example.net' } },
    { headers: { 'X\r\nBcc': 'eve@example.net' } },
    { headers: { 'Bcc: eve@example.net': 'x' } },
    { headers: { bcc: 'eve@example.net' } },
    { headers: { 'content-TYPE': 'text/plain' } },
  ];
  for (const injection of injections)
    assert.equal(gist(await sender.send(aMail(injection), TIMEOUT_MS)), 'refused header', JSON.stringify(injection));
  assert.equal(gist(await sender.send(aMail({ to: 'a@b.c, d@e.f' }), TIMEOUT_MS)), 'refused address');
  assert.deepEqual(lines, []);
});

test('a base URL that is none makes the service unusable', async (t) => {
  const urls = [
    'https://a.b',
    'smtp://',
    'smtp://u:p@a.b',
    'smtp://a.b/x',
    'smtp://a.b?tls=no',
    'smtp://a.b#x',
    '',
    null,
  ];
  for (const baseUrl of urls) {
    const outcome = await smtpSender(t, 0, { baseUrl }).send(aMail(), TIMEOUT_MS);
    assert.equal(gist(outcome), 'unusable base_url configuration', String(baseUrl));
  }
});

test('closing waits for the mail under way, then lets go of the socket', async (t) => {
  const arrived = Promise.withResolvers<Socket>();
  const { port } = await scripted(t, (line, socket) => {
    if (line !== '.') return null;
    arrived.resolve(socket);
    return '';
  });
  const sender = smtp.open(anAccount(`smtp://127.0.0.1:${port}`, { credentials: {} }));
  const sending = sender.send(aMail(), TIMEOUT_MS);
  const socket = await arrived.promise;
  const closing = sender.close();
  const closed = once(socket, 'close');
  socket.write('250 2.0.0 Ok\r\n');
  assert.equal((await sending).kind, 'accepted');
  await closing;
  await closed;
});

test('credentials come as a pair or not at all; the registry knows it', () => {
  assert.deepEqual(smtp.missingCredentials({}), []);
  assert.deepEqual(smtp.missingCredentials({ user: ' ' }), []);
  assert.deepEqual(smtp.missingCredentials({ user: 'ada' }), ['password']);
  assert.deepEqual(smtp.missingCredentials({ password: 'x' }), ['user']);
  assert.deepEqual(smtp.missingCredentials(LOGIN), []);
  assert.equal(providerNamed('smtp'), smtp);
});

function checkLogin(
  { username, password }: SMTPServerAuthentication,
  _session: unknown,
  done: (error: Error | null, response?: { user: string }) => void,
): void {
  if (username === LOGIN.user && password === LOGIN.password) done(null, { user: username });
  else done(reply(535, `"${password}" is wrong`));
}

/** A raw message's headers, unfolded, names in lower case. */
function headersOf(raw = ''): Record<string, string> {
  const [head = ''] = raw.split('\r\n\r\n');
  const lines = head.replace(/\r\n(?=[ \t])/g, '').split('\r\n');
  return Object.fromEntries(lines.map((line) => [line.split(':')[0]?.toLowerCase(), line.replace(/^[^:]*:\s*/, '')]));
}
