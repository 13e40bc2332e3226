// The signature of Standard Webhooks, which Svix sends under names of its own.
// Source: Standard Webhooks, "Symmetric"; Svix, "Verifying webhooks manually".
import { createHmac } from 'node:crypto';
import { sha256, shortKey } from './event_fields.ts';
import { headerOf, isTimely, sameText } from './signature_checks.ts';
import type { Circumstances, WebhookRequest } from './webhook_source.ts';

/** What the names of the headers begin with. */
export type HeaderFamily = 'webhook' | 'svix';

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
  if (!isTimely(millisecondsOf(timestamp), now)) return `${family}-timestamp is not within 300 s of now`;
  const keys = secrets.flatMap(keyOf);
  if (keys.length === 0) return 'no signing secret of the service is base64, as these must be';
  const expected = keys.map((key) => signatureOf(key, `${id}.${timestamp}.`, request.body));
  const given = signatures.split(' ');
  return expected.some((one) => given.some((other) => sameText(one, other)))
    ? null
    : `${family}-signature does not match`;
}

/** The same for each attempt at one event. Where the path secret is all there is, a sender may leave out the header: then the body tells. */
export function standardDedupeKey(request: WebhookRequest, family: HeaderFamily): string {
  const id = headerOf(request, `${family}-id`);
  return id === null ? `sha256:${sha256(request.body)}` : shortKey(id);
}

function millisecondsOf(timestamp: string): number {
  return /^\d{10}$/.test(timestamp) ? Number(timestamp) * 1_000 : Number.NaN;
}

/** Nothing decoded would be a key that anybody has. */
function keyOf(secret: string): Buffer[] {
  const encoded = secret.replace(PREFIX, '');
  const key = BASE64.test(encoded) ? Buffer.from(encoded, 'base64') : Buffer.alloc(0);
  return key.length === 0 ? [] : [key];
}

function signatureOf(key: Buffer, head: string, body: Buffer): string {
  return `v1,${createHmac('sha256', key).update(head).update(body).digest('base64')}`;
}
