// Mails, accounts and listening servers for the tests of providers and simulator.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import type { TestContext } from 'node:test';
import { engagelab } from '../../src/providers/engagelab.ts';
import type { Account, Mail, Sender } from '../../src/providers/provider.ts';
import type { SimulatorOptionsInput } from '../../src/simulator/options.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';

export const CREDENTIALS = { apiUser: 'user', apiKey: 'key-of-user' };
export const TIMEOUT_MS = 10_000;

export function aMail(changes: Partial<Mail> = {}): Mail {
  const subTaskId = changes.subTaskId ?? randomUUID();
  return {
    subTaskId,
    requestId: `${subTaskId}.0`,
    from: { address: 'news@example.com', name: 'News' },
    to: 'ada@example.org',
    replyTo: null,
    returnPath: null,
    subject: 'Hello',
    html: '<p>Hello</p>',
    text: 'Hello',
    headers: {},
    attachments: [],
    customArgs: { subtask_id: subTaskId, task_id: 'task' },
    tracked: { opens: true, clicks: true },
    ...changes,
  };
}

/** What a file may hold and a mail likes to change: every byte, line ends of all kinds, and more than one piece of a stream. */
export const everyByte = Buffer.concat([
  ...Array.from({ length: 1_000 }, () => Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))),
  Buffer.from('\n.\r\n..\r\rFrom \n\n'),
]);

export function anAccount(baseUrl: string | null, changes: Partial<Account> = {}): Account {
  return { serviceId: 'service', domain: 'example.com', baseUrl, credentials: CREDENTIALS, ...changes };
}

/** A sender of the driver's, closed when the test ends. */
export function senderFor(t: TestContext, baseUrl: string, changes: Partial<Account> = {}): Sender {
  const sender = engagelab.open(anAccount(baseUrl, changes));
  t.after(() => sender.close());
  return sender;
}

/** A simulator with one account, closed when the test ends. */
export async function aSimulator(t: TestContext, options: SimulatorOptionsInput = {}): Promise<Simulator> {
  const accounts = { [CREDENTIALS.apiUser]: CREDENTIALS.apiKey };
  const simulator = await startSimulator({ accounts, ...options });
  t.after(() => simulator.close());
  return simulator;
}

/** Listens on a free port of 127.0.0.1 until the test ends. @returns the port. */
export async function listening(t: TestContext, server: NetServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  return portOf(server);
}

export function portOf(server: NetServer): number {
  const address: string | AddressInfo | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return address.port;
}

/** An HTTP server until the test ends. @returns its root address. */
export async function httpServer(t: TestContext, listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  const port = await listening(t, server);
  t.after(() => server.closeAllConnections());
  return `http://127.0.0.1:${port}`;
}

export interface Received {
  readonly request: IncomingMessage;
  readonly body: string;
}

/** Takes requests down; `answer` gives the status for the n-th, counted from 0. */
export async function receiver(t: TestContext, answer: (n: number) => number = () => 200) {
  const received: Received[] = [];
  const url = await httpServer(t, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    response.statusCode = answer(received.push({ request, body: Buffer.concat(chunks).toString() }) - 1);
    response.end();
  });
  return { url, received };
}

/** Any JSON, to be picked from in assertions. */
export function jsonOf(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error('not an object');
  return { ...value };
}
