// One POST to an address that somebody gave. Redirects are answers like any other, not followed; the name is looked up once, and what it leads to
// is judged where the connection is made, so that a name can't lead elsewhere in between.
import { type LookupAddress, lookup } from 'node:dns';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Reach } from './reach.ts';

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For everything, from the look-up to the answer's last byte. */
  readonly timeoutMs: number;
}

/** A message that was not taken; the words are for the person who set the channel up, and hold nothing of the address. */
export class NotTaken extends Error {
  override name = 'NotTaken';
  /** The receiver says that it will never take one. */
  readonly isFinal: boolean;

  constructor(message: string, isFinal = false) {
    super(message);
    this.isFinal = isFinal;
  }
}

const answerAtMost = 10_000;
const gone = 410;

/** @throws NotTaken */
export async function post({ url, headers, body, timeoutMs }: Post, reach: Reach): Promise<void> {
  const target = new URL(url);
  const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
  const judge = (address: string) => judged(address, target.protocol, reach);
  if (isIP(host) !== 0) judge(host);
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    lookup: judging(judge),
    signal: AbortSignal.timeout(timeoutMs),
    agent: false,
  };
  const status = await answerOf(target, options, body).catch((error: unknown) => {
    throw error instanceof NotTaken ? error : new NotTaken(reasonOf(error, timeoutMs));
  });
  if (status >= 200 && status < 300) return;
  const redirected = status >= 300 && status < 400 ? '; redirects are not followed, give the last address' : '';
  throw new NotTaken(`it answered ${status}${redirected}`, status === gone);
}

function answerOf(target: URL, options: RequestOptions, body: string): Promise<number> {
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((answered, failed) => {
    const request = send(target, options, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > answerAtMost) response.destroy(new NotTaken('its answer does not end'));
      });
      text(response).then(() => answered(response.statusCode ?? 0), failed);
    });
    request.on('error', failed);
    request.end(body);
  });
}

/** @throws NotTaken, for good: what is private stays so */
function judged(address: string, protocol: string, reach: Reach): void {
  if (!reach.mayReach(address))
    throw new NotTaken(`${address} is not a public address; ALERT_WEBHOOK_NETWORKS may allow it`, true);
  if (protocol !== 'https:' && !reach.isAllowed(address))
    throw new NotTaken('http is not encrypted; use https, or allow its network by ALERT_WEBHOOK_NETWORKS', true);
}

function judging(judge: (address: string) => void): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '');
      try {
        for (const { address } of addresses) judge(address);
      } catch (refusal) {
        return callback(refusal instanceof Error ? refusal : new Error(String(refusal)), '');
      }
      answer(addresses, options.all === true, callback);
    });
  };
}

function answer(addresses: LookupAddress[], all: boolean, callback: Parameters<LookupFunction>[2]): void {
  const [first] = addresses;
  if (all || first === undefined) callback(null, addresses);
  else callback(null, first.address, first.family);
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'it can not be reached';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return `no answer within ${timeoutMs / 1_000} s`;
  return 'code' in error && typeof error.code === 'string' ? `it can not be reached (${error.code})` : error.message;
}
