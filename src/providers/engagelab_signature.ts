// EngageLab's signature. Its documentation describes two, and does not say which one is sent: hex md5 of timestamp, AppKey and APP KEY, one
// after the other, or hex HMAC-SHA256 of the timestamp under the APP KEY. Either is taken. Neither covers the body, so whoever has seen
// one request could send another within the time; the secret in the path stands before that.
import { createHash, createHmac } from 'node:crypto';
import { headerOf, isAmong, isWithinWindow, passesAny, signedTime } from './webhook_signature.ts';
import type { Circumstances, WebhookRequest } from './webhook_source.ts';

/** @param appKeys the APP KEYs of the account */
export function verifyEngagelabSignature(
  request: WebhookRequest,
  appKeys: readonly string[],
  { now }: Pick<Circumstances, 'now'>,
): string | null {
  const timestamp = headerOf(request, 'x-webhook-timestamp');
  const signature = headerOf(request, 'x-webhook-signature')?.toLowerCase();
  if (timestamp === null || signature === undefined) return 'X-WebHook-Timestamp or X-WebHook-Signature is missing';
  if (!isWithinWindow(signedTime(timestamp), now)) return 'X-WebHook-Timestamp is not within 300 s of now';
  const account = headerOf(request, 'x-webhook-appkey') ?? '';
  const passes = passesAny(appKeys, (appKey) => isAmong(signaturesOf(timestamp, account, appKey), signature));
  return passes ? null : 'X-WebHook-Signature does not match';
}

// An AppKey that begins with a digit could have taken it from a timestamp of 13 digits. The one documented is the word "email".
function signaturesOf(timestamp: string, account: string, appKey: string): string[] {
  const keyed = createHmac('sha256', appKey).update(timestamp).digest('hex');
  if (!/^\D/.test(account)) return [keyed];
  return [keyed, createHash('md5').update(`${timestamp}${account}${appKey}`).digest('hex')];
}
