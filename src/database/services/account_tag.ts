import { createHmac } from 'node:crypto';

export interface AccountIdentity {
  readonly provider: string;
  readonly baseUrl: string | null;
  readonly credentials: Readonly<Record<string, string>>;
}

/**
 * The same for services that are one account at their provider, and for no others; whoever lacks the key learns nothing from it.
 * @param key 32 bytes, `Secret.encryption`
 */
export function accountTag(key: Buffer, { provider, baseUrl, credentials }: AccountIdentity): Buffer {
  const entries = Object.entries(credentials).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHmac('sha256', key)
    .update(JSON.stringify(['account', provider, baseUrl, entries]))
    .digest();
}
