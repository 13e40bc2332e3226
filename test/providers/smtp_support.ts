// SMTP servers for the tests: a real one, and one that answers by script where a real one would not misbehave so.
import { createServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import type { Account, Outcome, Sender } from '../../src/providers/provider.ts';
import { smtp } from '../../src/providers/smtp.ts';
import { anAccount, listening, portOf } from '../simulator/support.ts';

export const LOGIN = { user: 'ada', password: 'a-long-password' };

export interface Taken {
  readonly session: Pick<SMTPServerSession, 'id' | 'secure' | 'envelope' | 'user'>;
  /** The message as it was on the wire, dots unstuffed. */
  readonly raw: string;
}

/** An SMTP server on 127.0.0.1, with a self-signed certificate, until the test ends. */
export async function aServer(t: TestContext, options: SMTPServerOptions = {}) {
  const taken: Taken[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    // What is still connected when the server closes is hung up on after so many ms. Tearing the sockets under its TLS crashes Node 24.
    closeTimeout: 1,
    onData: async (stream, { id, secure, envelope, user }, done) => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      taken.push({ session: { id, secure, envelope, user }, raw: Buffer.concat(chunks).toString() });
      done(null, `2.0.0 Ok: queued as ${taken.length}`);
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise<void>((resolve) => server.close(resolve)));
  return { port: portOf(server.server), taken, server };
}

/** What smtp-server answers when a handler gives it this. */
export function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

export type Script = (line: string, socket: Socket) => string | null;

/**
 * A server that asks `script` what to say to each line; null leaves it to the polite answer, '' says nothing.
 * Within a message only its final "." is asked about; 'hello' stands for the connection itself.
 */
export async function scripted(t: TestContext, script: Script): Promise<{ port: number; lines: string[] }> {
  const lines: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    converse(socket, (line) => {
      lines.push(line);
      return script(line, socket);
    });
  });
  hangUpAfter(t, server);
  return { port: await listening(t, server), lines };
}

/** Tears what is still connected when the test ends. To be called before `listening`, whose closing waits for that. */
export function hangUpAfter(t: TestContext, server: Server): void {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
}

function converse(socket: Socket, script: (line: string) => string | null): void {
  let rest = '';
  let inMessage = false;
  const say = (line: string) => {
    const answer = script(line) ?? politeAnswer(line);
    if (answer !== '' && !socket.destroyed) socket.write(`${answer}\r\n`);
    inMessage = answer.startsWith('354');
  };
  say('hello');
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (!inMessage || line === '.') say(line);
  });
}

function politeAnswer(line: string): string {
  if (line === 'hello') return '220 test ESMTP';
  if (line.startsWith('EHLO')) return '250 test';
  return line === 'DATA' ? '354 go on' : '250 2.0.0 Ok';
}

/** A sender to a port of 127.0.0.1, closed when the test ends. */
export function smtpSender(t: TestContext, port: number, changes: Partial<Account> = {}): Sender {
  const sender = smtp.open(anAccount(`smtp://127.0.0.1:${port}`, { credentials: {}, ...changes }));
  t.after(() => sender.close());
  return sender;
}

/** Kind, code and, when unusable, the reason. */
export function gist(outcome: Outcome): string {
  const code = 'code' in outcome ? ` ${outcome.code}` : '';
  return `${outcome.kind}${code}${outcome.kind === 'unusable' ? ` ${outcome.reason}` : ''}`;
}
