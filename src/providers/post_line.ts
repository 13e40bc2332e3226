// HTTP POSTs to one address over kept connections, told so that the caller knows whether the other side may have seen the request.
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { awaitAnswer, reset, WiredAgent } from './wire.ts';

export type Exchange =
  /** An answer's status and headers arrived; `body` is what came of it, at most 64 KB, possibly cut short. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: string;
    }
  /** Not one byte of the request was written. */
  | { readonly kind: 'unwritten'; readonly reason: string }
  /** The request may have been written, and no answer came. */
  | { readonly kind: 'unanswered'; readonly timedOut: boolean; readonly reason: string };

const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * A connection idle for longer is not used again. A server that closes an idle connection just as we write leaves the request in doubt,
 * and a mail in doubt costs a person's time; a new connection costs a round trip. Node's own server waits 5 s, the common proxies 60 s or more.
 */
const MAX_IDLE_MS = 4_000;

export class PostLine {
  readonly #url: URL;
  readonly #transport: typeof http | typeof https;
  readonly #agent: http.Agent | https.Agent;
  #lastUsedAt = performance.now();

  constructor(url: URL) {
    this.#url = url;
    const secure = url.protocol === 'https:';
    this.#transport = secure ? https : http;
    this.#agent = new (secure ? WiredAgent : http.Agent)({ keepAlive: true, timeout: MAX_IDLE_MS });
  }

  /** Resolves within `timeoutMs`, which covers connecting, writing and reading; never rejects. After `since` + `timeoutMs` nothing is written. */
  async post(
    headers: Record<string, string>,
    body: readonly Buffer[],
    timeoutMs: number,
    since = performance.now(),
  ): Promise<Exchange> {
    this.#dropStaleConnections();
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    const deadline = since + timeoutMs;
    try {
      return await this.#exchange(headers, body, abort, deadline);
    } finally {
      clearTimeout(timer);
      this.#lastUsedAt = performance.now();
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  // A process that was stopped (SIGSTOP, a suspended machine) wakes with connections whose idle timers have not fired yet.
  #dropStaleConnections(): void {
    if (performance.now() - this.#lastUsedAt < MAX_IDLE_MS) return;
    for (const sockets of Object.values(this.#agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  }

  // The request is held back until the connection stands, TLS included: that alone makes "nothing was written" certain.
  // The deadline is looked at once more before the write: a process stopped while it waited for the connection wakes with the connection's
  // event before the timer's, and by then the mail may be another worker's. All is formed by then: next to nothing stands between the look and the write.
  #exchange(
    headers: Record<string, string>,
    body: readonly Buffer[],
    abort: AbortController,
    deadline: number,
  ): Promise<Exchange> {
    const { signal } = abort;
    return new Promise((resolve) => {
      let written = false;
      let answered = false;
      const fail = (reason: string) => {
        if (!answered) resolve(written ? { kind: 'unanswered', timedOut: signal.aborted, reason } : unwritten(reason));
      };
      const request = this.#transport.request(this.#url, {
        method: 'POST',
        agent: this.#agent,
        headers: { ...headers, 'content-length': lengthOf(body), 'accept-encoding': 'identity' },
      });
      request.on('socket', (socket) => {
        whenConnected(socket, () => {
          if (request.destroyed) return;
          // These stay in memory: a connection is corked from the first of them to the end of the request, or of this turn.
          for (const piece of body) request.write(piece);
          if (performance.now() >= deadline) abort.abort();
          if (request.destroyed) return;
          written = true;
          const heard = awaitAnswer(socket);
          request.once('close', heard);
          request.end();
        });
      });
      signal.addEventListener('abort', () => {
        if (written && request.socket !== null) reset(request.socket);
        request.destroy();
      });
      request.on('response', (response) => {
        answered = true;
        readAnswer(response).then(resolve);
      });
      request.on('error', (error) => {
        fail(signal.aborted ? `no ${written ? 'answer' : 'connection'} in time` : reasonOf(error));
      });
      request.on('close', () => fail('the connection was closed'));
    });
  }
}

function whenConnected(socket: Socket, then: () => void): void {
  const secure = socket instanceof TLSSocket;
  const connected = secure ? socket.authorized : !socket.connecting;
  if (connected) then();
  else socket.once(secure ? 'secureConnect' : 'connect', then);
}

function lengthOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

function unwritten(reason: string): Exchange {
  return { kind: 'unwritten', reason };
}

function reasonOf(error: NodeJS.ErrnoException): string {
  return [error.code, error.message].filter(Boolean).join(': ');
}

async function readAnswer(response: IncomingMessage): Promise<Exchange> {
  const body = await readText(response);
  return { kind: 'answer', status: response.statusCode ?? 0, headers: response.headers, body };
}

/** A body that breaks off is kept as far as it came: the status above it stands. */
async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) break;
    }
  } catch {
    // What arrived before the break is judged by its status.
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8');
}
