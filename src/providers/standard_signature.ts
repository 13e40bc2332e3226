// The signature of Standard Webhooks, which Svix sends under names of its own.
// Source: Standard Webhooks, "Symmetric"; Svix, "Verifying webhooks manually".
import { createHmac } from 'node:crypto';
import { digestKey, shortKey } from './dedupe_key.ts';
import { headerOf, isAmong, isWithinWindow, passesAny, signedSeconds } from './webhook_signature.ts';
import type { Circumstances, WebhookRequest } from './webhook_source.ts';

/** What the names of the headers begin with. */
export type HeaderFamily = 'webhook' | 'svix';

/** What is signed, one after the other. */
interface Signed {
  readonly head: string;
  readonly body: Buffer;
}

const PREFIX = /^whsec_/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** @param secrets each is base64, with `whsec_` before it or without. */
export function verifyStandardSignature(
  request: WebhookRequest,
  family: HeaderFamily,
  secrets: readonly string[],
  { now }: Pick<Circumstances, 'now'>,
): string | null {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
    headerOf(request, `${family}-${name}`),
  );
  if (!id || !timestamp || !signatures) return `${family}-id, ${family}-timestamp or ${family}-signature is missing`;
  if (!isWithinWindow(signedSeconds(timestamp), now)) return `${family}-timestamp is not within 300 s of now`;
  if (secrets.every((secret) => keyOf(secret) === null))
    return 'no signing secret of the service is base64, as these must be';
  const given = signatures.split(' ');
  const signed = { head: `${id}.${timestamp}.`, body: request.body };
  const passes = passesAny(secrets, (secret) => isSignedWith(keyOf(secret), signed, given));
  return passes ? null : `${family}-signature does not match`;
}

/** The same for each attempt at one event. Where the path secret is all there is, a sender may leave out the header: then the body tells. */
export function standardDedupeKey(request: WebhookRequest, family: HeaderFamily): string {
  const id = headerOf(request, `${family}-id`);
  return id === null ? digestKey(request.body) : shortKey(id);
}

/** Nothing decoded would be a key that anybody has. */
function keyOf(secret: string): Buffer | null {
  const encoded = secret.replace(PREFIX, '');
  const key = BASE64.test(encoded) ? Buffer.from(encoded, 'base64') : Buffer.alloc(0);
  return key.length === 0 ? null : key;
}

function isSignedWith(key: Buffer | null, { head, body }: Signed, given: readonly string[]): boolean {
  if (key === null) return false;
  return isAmong(given, `v1,${createHmac('sha256', key).update(head).update(body).digest('base64')}`);
}
