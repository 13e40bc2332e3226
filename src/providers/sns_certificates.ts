// The public keys that SNS signs with, fetched once each. That a certificate is Amazon's is told by where it lies, over TLS: its own dates and
// issuer add nothing to that, and Amazon's own validators don't look at them either.
import { type KeyObject, X509Certificate } from 'node:crypto';
import type { Circumstances } from './webhook_source.ts';

/** A region has one at a time. */
const MAX_KEYS = 32;
/** They are some 2 KB. */
const MAX_BYTES = 65_536;
/** SNS waits 15 s for an answer. */
const PATIENCE_MS = 5_000;

type Fetch = Circumstances['fetch'];

export class SnsCertificates {
  /** By address. Messages that come together share one request. */
  readonly #keys = new Map<string, Promise<KeyObject | null>>();

  /**
   * @returns null when there is no certificate of an RSA key at this address
   * @throws Error when it could not be had for now
   */
  async keyAt(address: URL, fetch: Fetch): Promise<KeyObject | null> {
    return this.#keys.get(address.href) ?? this.#ask(address, fetch);
  }

  async #ask({ href }: URL, fetch: Fetch): Promise<KeyObject | null> {
    const asked = fetchKey(href, fetch);
    this.#keys.set(href, asked);
    if (this.#keys.size > MAX_KEYS) this.#forget(this.#keys.keys().next().value ?? href);
    try {
      const key = await asked;
      if (key === null) this.#forget(href);
      return key;
    } catch (error) {
      this.#forget(href);
      throw error;
    }
  }

  #forget(href: string): void {
    this.#keys.delete(href);
  }
}

async function fetchKey(href: string, fetch: Fetch): Promise<KeyObject | null> {
  const response = await fetch(href, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
  if (response.ok) return keyIn(await contentOf(response));
  await response.body?.cancel();
  if (response.status >= 500 || response.status === 429) {
    throw new Error(`SNS answered ${response.status} instead of its certificate`);
  }
  return null;
}

/** Its first bytes: what is longer is no certificate. */
async function contentOf(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return Buffer.alloc(0);
  }
  return Buffer.concat(chunks);
}

function keyIn(certificate: Buffer): KeyObject | null {
  try {
    const { publicKey } = new X509Certificate(certificate);
    return publicKey.asymmetricKeyType === 'rsa' ? publicKey : null;
  } catch {
    return null;
  }
}
