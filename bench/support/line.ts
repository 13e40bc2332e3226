// One connection that is kept alive, one request at a time: what a client costs is little beside what the server does.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export class Line {
  readonly #socket: Socket;
  #received = '';
  #answered: PromiseWithResolvers<number> | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text) => this.#take(text.toString()));
    socket.on('close', () => this.#answered?.reject(new Error('the server closed the connection')));
  }

  static async to(url: string): Promise<Line> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new Line(socket);
  }

  /** @returns the status */
  ask(request: Buffer): Promise<number> {
    this.#answered = Promise.withResolvers();
    this.#socket.write(request);
    return this.#answered.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(this.#received.slice(0, end + 2))?.[1] ?? 0);
    if (this.#received.length < end + 4 + length) return;
    const status = Number(this.#received.slice(9, 12));
    this.#received = '';
    this.#answered?.resolve(status);
  }
}

/** A request as it goes over the wire. @param headers whole lines */
export function request(method: string, url: URL, body = '', headers: readonly string[] = []): Buffer {
  const lines = [
    `${method} ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64) bench',
    ...headers,
    ...(method === 'POST' ? ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`] : []),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

export interface Load {
  readonly perSecond: number;
  /** Of each request, from its first byte to the end of its answer. */
  readonly ms: readonly number[];
}

/**
 * Asks for some seconds, over so many connections at once.
 * @throws Error for any other answer than `status`
 */
export async function load(
  url: string,
  connections: number,
  seconds: number,
  next: () => Buffer,
  status: number,
): Promise<Load> {
  const lines = await Promise.all(Array.from({ length: connections }, () => Line.to(url)));
  const ms: number[] = [];
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  try {
    await Promise.all(
      lines.map(async (line) => {
        for (let at = performance.now(); at < until; at = performance.now()) {
          const answered = await line.ask(next());
          if (answered !== status) throw new Error(`the server answered ${answered}`);
          ms.push(performance.now() - at);
        }
      }),
    );
  } finally {
    for (const line of lines) line.close();
  }
  return { perSecond: (ms.length / (performance.now() - startedAt)) * 1_000, ms };
}
