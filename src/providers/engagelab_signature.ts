// EngageLab's signature. Its documentation describes two, and does not say which one is sent: hex md5 of timestamp, AppKey and APP KEY, one
// after the other, or hex HMAC-SHA256 of the timestamp under the APP KEY. Either is taken. Neither covers the body, so whoever has seen
// one request could send another within the time; the secret in the path stands before that.
import { createHash, createHmac } from 'node:crypto';
import { headerOf, isTimely, sameText } from './signature_checks.ts';
import type { Circumstances, WebhookRequest } from './webhook_source.ts';

/** @param appKeys the APP KEYs of the account; one that is empty would let anybody sign, and counts as none. */
export function verifyEngagelabSignature(
  request: WebhookRequest,
  appKeys: readonly string[],
  { now }: Pick<Circumstances, 'now'>,
): string | null {
  const timestamp = headerOf(request, 'x-webhook-timestamp');
  const signature = headerOf(request, 'x-webhook-signature')?.toLowerCase();
  if (timestamp === null || signature === undefined) return 'X-WebHook-Timestamp or X-WebHook-Signature is missing';
  if (!isTimely(millisecondsOf(timestamp), now)) return 'X-WebHook-Timestamp is not within 300 s of now';
  const account = headerOf(request, 'x-webhook-appkey') ?? '';
  const expected = appKeys.filter(Boolean).flatMap((appKey) => signaturesOf(timestamp, account, appKey));
  return expected.some((one) => sameText(one, signature)) ? null : 'X-WebHook-Signature does not match';
}

/** The unit isn't documented: ten digits are seconds, thirteen milliseconds. */
function millisecondsOf(timestamp: string): number {
  if (/^\d{10}$/.test(timestamp)) return Number(timestamp) * 1_000;
  return /^\d{13}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
}

// An AppKey that begins with a digit could have taken it from a timestamp of 13 digits. The one documented is the word "email".
function signaturesOf(timestamp: string, account: string, appKey: string): string[] {
  const keyed = createHmac('sha256', appKey).update(timestamp).digest('hex');
  if (!/^\D/.test(account)) return [keyed];
  return [keyed, createHash('md5').update(`${timestamp}${account}${appKey}`).digest('hex')];
}
