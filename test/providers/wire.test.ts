// Promise: what nobody waits for any more is never delivered, whatever the kernel holds of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import tls from 'node:tls';
import { PostLine } from '../../src/providers/post_line.ts';
import { resetWaiting } from '../../src/providers/wire.ts';

/** More than any kernel keeps on its own for a connection that nobody reads from. */
const body = [Buffer.alloc(32 * 1024 ** 2)];

type Work = (url: URL, accepted: Promise<Socket>) => Promise<void>;

async function withDeafServer(work: Work): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<Socket>();
  await withServer(createServer({ pauseOnConnect: true }, resolve), (port) =>
    work(new URL(`http://127.0.0.1:${port}/`), promise),
  );
}

async function withServer(server: Server, work: (port: number) => Promise<void>): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  try {
    assert.ok(address !== null && typeof address === 'object');
    await work(address.port);
  } finally {
    server.close();
  }
}

/** How the connection ends for whoever begins to read it now. */
async function endOf(socket: Socket): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  socket.on('error', ({ message }) => resolve(message));
  socket.on('end', () => resolve('a proper end'));
  socket.resume();
  return promise;
}

test('a request without an answer in time is taken back from the wire', () =>
  withDeafServer(async (url, accepted) => {
    const line = new PostLine(url);
    const exchange = await line.post({}, body, 200);
    assert.deepEqual(exchange, { kind: 'unanswered', timedOut: true, reason: 'no answer in time' });
    assert.match(String(await endOf(await accepted)), /ECONNRESET/);
    line.close();
  }));

test('so is one whose process ends', () =>
  withDeafServer(async (url, accepted) => {
    const line = new PostLine(url);
    const exchange = line.post({}, body, 60_000);
    const socket = await accepted;
    await once(socket, 'readable');
    resetWaiting();
    assert.equal((await exchange).kind, 'unanswered');
    assert.match(String(await endOf(socket)), /ECONNRESET/);
    line.close();
  }));

test('and over TLS, whose connections can not be reset themselves', async () => {
  const { promise: broken, resolve } = Promise.withResolvers<string>();
  const server = tls.createServer(await certificate(), (socket) => {
    socket.on('error', ({ message }) => resolve(message));
    socket.on('end', () => resolve('a proper end'));
    socket.resume();
  });
  await withServer(server, async (port) => {
    const line = new PostLine(new URL(`https://localhost:${port}/`));
    const exchange = await line.post({}, [Buffer.from('a mail')], 500);
    assert.deepEqual(exchange, { kind: 'unanswered', timedOut: true, reason: 'no answer in time' });
    assert.match(await broken, /ECONNRESET/);
    line.close();
  });
});

/** For localhost, made by Debian's openssl, and trusted by this process. */
async function certificate(): Promise<{ key: Buffer; cert: Buffer }> {
  const dir = await mkdtemp(join(tmpdir(), 'postilion-certificate-'));
  const [keyPath, certPath] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  try {
    execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', keyPath, '-out', certPath, ...subject], {
      stdio: 'ignore',
    });
    const cert = await readFile(certPath);
    tls.setDefaultCACertificates([cert.toString()]);
    return { key: await readFile(keyPath), cert };
  } finally {
    await rm(dir, { recursive: true });
  }
}
