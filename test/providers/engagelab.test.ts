// Promise: whatever happens on the wire, a hand-over to EngageLab ends in the one outcome that is true of it.
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { engagelab } from '../../src/providers/engagelab.ts';
import { fromHeader } from '../../src/providers/engagelab_request.ts';
import type { Mail, Outcome } from '../../src/providers/provider.ts';
import { providerNamed } from '../../src/providers/registry.ts';
import {
  aMail,
  anAccount,
  aSimulator,
  CREDENTIALS,
  everyByte,
  httpServer,
  jsonOf,
  listening,
  portOf,
  senderFor,
  TIMEOUT_MS,
} from '../simulator/support.ts';

test('an accepted mail carries the id that webhooks will name', async (t) => {
  const simulator = await aSimulator(t);
  const outcome = await senderFor(t, simulator.url).send(aMail({ to: 'ada@example.org' }), TIMEOUT_MS);
  assert.equal(outcome.kind, 'accepted');
  assert.match(outcome.kind === 'accepted' ? (outcome.messageId ?? '') : '', /-inbound0\$ada@example\.org$/);
});

test('the request says what the documentation asks for, and no more', async (t) => {
  const simulator = await aSimulator(t, { keepBodies: true });
  const mail = aMail({
    from: { address: 'news@example.com', name: 'Ada, Countess' },
    replyTo: 'reply@example.com',
    headers: { 'List-Unsubscribe': '<https://example.com/u>' },
    tracked: { opens: true, clicks: false },
  });
  await senderFor(t, simulator.url).send(mail, TIMEOUT_MS);
  assert.deepEqual(simulator.record.body(0), {
    from: '"Ada, Countess" <news@example.com>',
    to: ['ada@example.org'],
    body: {
      subject: 'Hello',
      content: { html: '<p>Hello</p>', text: 'Hello' },
      headers: { 'List-Unsubscribe': '<https://example.com/u>' },
      reply_to: ['reply@example.com'],
      settings: { send_mode: 0, return_email_id: true, unsubscribe_tracking: false, open_tracking: false },
    },
    custom_args: { subtask_id: mail.subTaskId, task_id: 'task' },
    request_id: mail.requestId,
  });
});

test('attachments go along in base64, the same for every mail, and too much of them is refused', async (t) => {
  const simulator = await aSimulator(t, { keepBodies: true });
  const sender = senderFor(t, simulator.url);
  const files = [
    { name: 'Übersicht 1.pdf', contentType: 'application/pdf', content: everyByte },
    { name: 'rows.csv', contentType: 'text/csv', content: Buffer.from('a\nb\r\nc\r') },
  ];
  const mail = aMail({ attachments: files });
  for (const next of [mail, aMail({ attachments: files })])
    assert.equal((await sender.send(next, TIMEOUT_MS)).kind, 'accepted');
  const { attachments, ...body } = Object(jsonOf(JSON.stringify(simulator.record.body(0)))['body']);
  assert.deepEqual(attachments, [
    {
      content: everyByte.toString('base64'),
      type: 'application/pdf',
      filename: 'Übersicht 1.pdf',
      disposition: 'attachment',
    },
    { content: 'YQpiDQpjDQ==', type: 'text/csv', filename: 'rows.csv', disposition: 'attachment' },
  ]);
  assert.equal(body.subject, 'Hello');
  assert.deepEqual(simulator.record.get(0).attachments, simulator.record.get(1).attachments);
  const tooMuch = { name: 'big', contentType: 'application/zip', content: Buffer.alloc(5_000_001) };
  const refused = await sender.send(aMail({ attachments: [tooMuch, { ...tooMuch, name: 'other' }] }), TIMEOUT_MS);
  assert.deepEqual(kindAndCode(refused), ['refused', 'attachment']);
  assert.equal(simulator.record.length, 2);
});

test('a file whose name or type is none is refused, never mended', async (t) => {
  const simulator = await aSimulator(t);
  const sender = senderFor(t, simulator.url);
  const file = { name: 'a.txt', contentType: 'text/plain', content: Buffer.from('a') };
  for (const changes of [
    { name: '' },
    { name: 'a/b' },
    { name: 'a\\b' },
    { name: 'a\r\nX: y' },
    { name: 'a\u202eb' },
    { contentType: '' },
    { contentType: 'text' },
    { contentType: 'text/plain\r\nX: y' },
    { contentType: 'message/rfc822' },
  ]) {
    const outcome = await sender.send(aMail({ attachments: [{ ...file, ...changes }] }), TIMEOUT_MS);
    assert.deepEqual(kindAndCode(outcome), ['refused', 'attachment'], JSON.stringify(changes));
  }
  assert.equal(simulator.record.length, 0);
});

test('a display name is quoted where RFC 5322 asks for it', () => {
  const header = (name: string | null) => fromHeader({ address: 'a@b.c', name });
  assert.equal(header(null), 'a@b.c');
  assert.equal(header('  '), 'a@b.c');
  assert.equal(header('Ada Lovelace'), 'Ada Lovelace <a@b.c>');
  assert.equal(header('艾达'), '艾达 <a@b.c>');
  assert.equal(header('Lovelace, Ada'), '"Lovelace, Ada" <a@b.c>');
  assert.equal(header('Ada "the" \\ <x@y.z>'), '"Ada \\"the\\" \\\\ <x@y.z>" <a@b.c>');
});

test('a line break anywhere a header could be made of it is refused before anything is sent', async (t) => {
  const simulator = await aSimulator(t);
  const sender = senderFor(t, simulator.url);
  const injections: Partial<Mail>[] = [
    { to: 'ada@example.org\r\nBcc: eve@example.net' },
    { replyTo: 'a@b.c\nX: y' },
    { from: { address: 'a@b.c\r', name: null } },
    { from: { address: 'a@b.c', name: 'Ada\r\nBcc: eve@example.net' } },
    { subject: 'Hello\nBcc: eve@example.net' },
    { headers: { 'List-Id': 'x\r\nBcc: eve@example.net' } },
    { headers: { 'X\r\nBcc': 'eve@example.net' } },
  ];
  for (const injection of injections) {
    const outcome = await sender.send(aMail(injection), TIMEOUT_MS);
    assert.deepEqual(
      [outcome.kind, 'code' in outcome && outcome.code],
      ['refused', 'header'],
      JSON.stringify(injection),
    );
  }
  assert.equal(simulator.record.length, 0);
});

test('a header that EngageLab forbids is refused by name, never dropped', async (t) => {
  const simulator = await aSimulator(t);
  const outcome = await senderFor(t, simulator.url).send(aMail({ headers: { 'reply-TO': 'a@b.c' } }), TIMEOUT_MS);
  assert.deepEqual(outcome, { kind: 'refused', code: 'header', message: 'EngageLab takes no header "reply-TO"' });
  assert.equal(simulator.record.length, 0);
});

test('what a list parser would read as two recipients is refused', async (t) => {
  const simulator = await aSimulator(t);
  const sender = senderFor(t, simulator.url);
  for (const to of ['a@b.c, d@e.f', 'a@b.c;d@e.f', 'Ada <a@b.c>', 'a@b.c d@e.f', 'nobody', ''])
    assert.deepEqual(kindAndCode(await sender.send(aMail({ to }), TIMEOUT_MS)), ['refused', 'address'], to);
  assert.equal(simulator.record.length, 0);
});

test('no listener, no such host: nothing was written, and the service is unreachable', async (t) => {
  const sender = senderFor(t, `http://127.0.0.1:${await aFreePort()}`);
  assert.deepEqual(kindAndCode(await sender.send(aMail(), TIMEOUT_MS)), ['unusable', 'connect']);
  const nowhere = senderFor(t, 'http://nowhere.invalid');
  assert.deepEqual(kindAndCode(await nowhere.send(aMail(), TIMEOUT_MS)), ['unusable', 'connect']);
});

test('TLS that fails or never answers: nothing was written, and the service is unreachable', async (t) => {
  const plain = await tcpServer(t, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const reset = await tcpServer(t, (socket) => socket.resetAndDestroy());
  const silent = await tcpServer(t, () => {});
  for (const [port, timeoutMs] of [
    [plain, TIMEOUT_MS],
    [reset, TIMEOUT_MS],
    [silent, 50],
  ] as const) {
    const outcome = await senderFor(t, `https://127.0.0.1:${port}`).send(aMail(), timeoutMs);
    assert.deepEqual(kindAndCode(outcome), ['unusable', 'connect']);
  }
});

test('a connection torn after the request was read leaves the mail in doubt', async (t) => {
  const url = await httpServer(t, (request) => request.resume().on('end', () => request.socket.resetAndDestroy()));
  assert.deepEqual(kindAndCode(await senderFor(t, url).send(aMail(), TIMEOUT_MS)), ['unknown', 'connection']);
});

test('a kept connection torn under a second mail leaves that one in doubt', async (t) => {
  let requests = 0;
  const url = await httpServer(t, (request, response) => {
    if (++requests === 1) accepting(request, response);
    else request.socket.resetAndDestroy();
  });
  const sender = senderFor(t, url);
  assert.equal((await sender.send(aMail(), TIMEOUT_MS)).kind, 'accepted');
  assert.deepEqual(kindAndCode(await sender.send(aMail(), TIMEOUT_MS)), ['unknown', 'connection']);
});

test('an answer that is no HTTP leaves the mail in doubt', async (t) => {
  const port = await tcpServer(t, (socket) => socket.once('data', () => socket.end('nonsense\r\n\r\n')));
  const outcome = await senderFor(t, `http://127.0.0.1:${port}`).send(aMail(), TIMEOUT_MS);
  assert.deepEqual(kindAndCode(outcome), ['unknown', 'connection']);
});

test('a request to change protocols leaves the mail in doubt and does not hang', async (t) => {
  const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n';
  const port = await tcpServer(t, (socket) => socket.once('data', () => socket.write(upgrade)));
  const outcome = await senderFor(t, `http://127.0.0.1:${port}`).send(aMail(), TIMEOUT_MS);
  assert.equal(outcome.kind, 'unknown');
});

test('silence is in doubt when the time is up', async (t) => {
  const simulator = await aSimulator(t, { faults: { accounts: { user: 'accept_hang' } } });
  const outcome = await senderFor(t, simulator.url).send(aMail(), 100);
  assert.deepEqual(outcome, { kind: 'unknown', code: 'timeout', message: 'no answer in time' });
  assert.equal(simulator.record.get(0).outcome, 'accepted');
});

test('past its deadline a request is no longer written, even when the connection stands', async (t) => {
  const simulator = await aSimulator(t);
  const sender = senderFor(t, simulator.url);
  assert.equal((await sender.send(aMail(), TIMEOUT_MS)).kind, 'accepted');
  assert.deepEqual(kindAndCode(await sender.send(aMail(), 0)), ['unusable', 'connect']);
  const stoppedSince = performance.now() - TIMEOUT_MS;
  assert.deepEqual(kindAndCode(await sender.send(aMail(), TIMEOUT_MS, stoppedSince)), ['unusable', 'connect']);
  assert.equal(simulator.record.length, 1);
});

test('an answer that stops halfway is judged by its status when the time is up', async (t) => {
  const half =
    (status: number): RequestListener =>
    (_request, response) =>
      response.writeHead(status).write('{"email_ids":');
  const taken = await httpServer(t, half(200));
  const denied = await httpServer(t, half(401));
  assert.deepEqual(kindAndCode(await senderFor(t, taken).send(aMail(), 100)), ['unknown', 'answer']);
  assert.equal((await senderFor(t, denied).send(aMail(), 100)).kind, 'unusable');
});

test('an endless answer is cut, and 1 KB of it kept', async (t) => {
  const url = await httpServer(t, (_request, response) => {
    const chunk = 'é'.repeat(16_384);
    response.writeHead(400);
    const pour = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', pour);
    pour();
  });
  const outcome = await senderFor(t, url).send(aMail(), TIMEOUT_MS);
  assert.equal(outcome.kind === 'deferred' && Buffer.byteLength(outcome.message), 1_024);
});

test('secrets that an answer repeats are not kept', async (t) => {
  const url = await httpServer(t, (request, response) => {
    response
      .writeHead(400)
      .end(JSON.stringify({ code: 1, message: `${CREDENTIALS.apiKey} in ${request.headers.authorization}` }));
  });
  const outcome = await senderFor(t, url).send(aMail(), TIMEOUT_MS);
  assert.equal(outcome.kind === 'deferred' && outcome.message, '[secret] in Basic [secret]');
});

test('an id that happens to contain the secret is left as it is: webhooks will name it', async (t) => {
  const url = await httpServer(t, (_request, response) =>
    response.end(JSON.stringify({ email_ids: [`x${CREDENTIALS.apiKey}0$a@b.c`] })),
  );
  const outcome = await senderFor(t, url).send(aMail(), TIMEOUT_MS);
  assert.equal(outcome.kind === 'accepted' && outcome.messageId, `x${CREDENTIALS.apiKey}0$a@b.c`);
});

test('a base URL that is none makes the service unusable', async (t) => {
  for (const baseUrl of ['not an address', 'ftp://example.com', '']) {
    const outcome = await senderFor(t, baseUrl).send(aMail(), TIMEOUT_MS);
    assert.partialDeepStrictEqual(outcome, { kind: 'unusable', reason: 'configuration', code: 'base_url' });
  }
});

test('connections are kept and used again', async (t) => {
  const sockets = new Set<Socket>();
  const url = await httpServer(t, (request, response) => {
    sockets.add(request.socket);
    accepting(request, response);
  });
  const sender = senderFor(t, url);
  for (let i = 0; i < 3; i++) assert.equal((await sender.send(aMail(), TIMEOUT_MS)).kind, 'accepted');
  assert.equal(sockets.size, 1);
});

test('closing waits for the mail under way', async (t) => {
  const arrived = Promise.withResolvers<() => void>();
  const url = await httpServer(t, (request, response) => {
    request.resume().on('end', () => arrived.resolve(() => response.end(JSON.stringify({ email_ids: ['id'] }))));
  });
  const sender = engagelab.open(anAccount(url));
  const sending = sender.send(aMail(), TIMEOUT_MS);
  const answer = await arrived.promise;
  const closing = sender.close();
  answer();
  assert.equal((await sending).kind, 'accepted');
  await closing;
});

test('missing credentials are named, and an unknown provider is said with the known ones', () => {
  assert.deepEqual(engagelab.missingCredentials({ apiUser: ' ' }), ['apiUser', 'apiKey']);
  assert.deepEqual(engagelab.missingCredentials(CREDENTIALS), []);
  assert.equal(providerNamed('engagelab'), engagelab);
  assert.throws(() => providerNamed('pigeon'), /no provider "pigeon"; known: engagelab/);
});

const accepting: RequestListener = (request, response) => {
  request.resume().on('end', () => response.end(JSON.stringify({ email_ids: ['id'] })));
};

function kindAndCode(outcome: Outcome): [string, string | null] {
  return [outcome.kind, 'code' in outcome ? outcome.code : null];
}

async function tcpServer(t: TestContext, onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    onConnection(socket);
  });
  return listening(t, server);
}

async function aFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
