// A name server on this machine, over UDP and TCP, with the zone a test gives it, and its faults.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Socket as Connection, createServer, type Server } from 'node:net';
import { type Answer, decode, encode, type Packet, streamDecode, streamEncode, TRUNCATED_RESPONSE } from 'dns-packet';
import { portOf } from '../simulator/support.ts';

export interface Records {
  TXT?: string[];
  MX?: [priority: number, exchange: string][];
  A?: string[];
  AAAA?: string[];
  CNAME?: string;
}

/** By name. servfail: the server fails; silent: it never answers; whatever is not named does not exist. */
export type Zone = Record<string, Records | 'servfail' | 'refused' | 'silent'>;

const types = ['TXT', 'MX', 'A', 'AAAA', 'CNAME'] as const;
const codes = { noerror: 0, servfail: 2, nxdomain: 3, refused: 5 };
/** What fits into an answer over UDP without EDNS (RFC 1035, 4.2.1); clients that say nothing else ask again over TCP. */
const udpBytes = 512;

export class DnsServer {
  zone: Zone = {};
  /** "TXT example.com", in order. */
  readonly asked: string[] = [];
  overTcp = 0;
  readonly #udp: Socket;
  readonly #tcp: Server;
  readonly #connections = new Set<Connection>();

  private constructor(udp: Socket, tcp: Server) {
    this.#udp = udp;
    this.#tcp = tcp;
    udp.on('message', (message, from) => this.#overUdp(message, from));
    tcp.on('connection', (connection) => this.#overTcp(connection));
  }

  static async start(zone: Zone = {}): Promise<DnsServer> {
    const { udp, tcp } = await onePort();
    const server = new DnsServer(udp, tcp);
    server.zone = zone;
    return server;
  }

  /** As setServers and DNS_SERVERS take it. */
  get address(): string {
    return `127.0.0.1:${this.#udp.address().port}`;
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    this.#udp.close();
    this.#tcp.close();
    await once(this.#tcp, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #overUdp(message: Buffer, { port, address }: RemoteInfo): void {
    const answer = this.#answer(decode(message));
    if (answer === null) return;
    const whole = encode(answer);
    const cut = { ...answer, answers: [], flags: (answer.flags ?? 0) | TRUNCATED_RESPONSE };
    this.#udp.send(whole.length > udpBytes ? encode(cut) : whole, port, address);
  }

  #overTcp(connection: Connection): void {
    this.#connections.add(connection);
    connection.on('error', () => {});
    let received = Buffer.alloc(0);
    connection.on('data', (data) => {
      received = Buffer.concat([received, data]);
      if (received.length < 2 + received.readUInt16BE(0)) return;
      this.overTcp++;
      const answer = this.#answer(streamDecode(received));
      received = Buffer.alloc(0);
      if (answer !== null) connection.write(streamEncode(answer));
    });
  }

  #answer({ id, questions }: Packet): Packet | null {
    const [question] = questions ?? [];
    if (question === undefined) return null;
    const type = types.find((known) => known === question.type);
    const name = question.name.toLowerCase();
    this.asked.push(`${question.type} ${name}`);
    const records = this.zone[name];
    if (records === 'silent') return null;
    const head = { type: 'response' as const, questions: [question], ...(id === undefined ? {} : { id }) };
    if (records === 'servfail' || records === 'refused') return { ...head, flags: codes[records] };
    if (records === undefined) return { ...head, flags: codes.nxdomain };
    return { ...head, flags: codes.noerror, answers: type === undefined ? [] : this.#records(name, type) };
  }

  #records(name: string, type: (typeof types)[number]): Answer[] {
    const records = this.zone[name];
    if (records === undefined || typeof records === 'string') return [];
    const head = { name, ttl: 60, class: 'IN' as const };
    if (records.CNAME !== undefined) {
      const alias: Answer = { ...head, type: 'CNAME', data: records.CNAME };
      return type === 'CNAME' ? [alias] : [alias, ...this.#records(records.CNAME, type)];
    }
    switch (type) {
      case 'TXT':
        return (records.TXT ?? []).map((text) => ({ ...head, type, data: inParts(text) }));
      case 'MX':
        return (records.MX ?? []).map(([preference, exchange]) => ({ ...head, type, data: { preference, exchange } }));
      case 'A':
      case 'AAAA':
        return (records[type] ?? []).map((data) => ({ ...head, type, data }));
      case 'CNAME':
        return [];
    }
  }
}

/** A string of a TXT record has 255 bytes at most. */
function inParts(text: string): string[] {
  return text.match(/.{1,255}/gs) ?? [''];
}

/** Both on one port, which is free for one and may not be for the other. */
async function onePort(): Promise<{ udp: Socket; tcp: Server }> {
  for (;;) {
    const tcp = createServer().listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const udp = createSocket('udp4');
    try {
      udp.bind(portOf(tcp), '127.0.0.1');
      await once(udp, 'listening');
      return { udp, tcp };
    } catch {
      tcp.close();
    }
  }
}
