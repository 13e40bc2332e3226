// Amazon SES's events, as Amazon SNS posts them.
import { digestKey, shortKey } from './dedupe_key.ts';
import { eventsOfRecord } from './ses_record.ts';
import { snsAddress } from './sns_address.ts';
import { SnsCertificates } from './sns_certificates.ts';
import { snsMessageIn } from './sns_message.ts';
import { verifySnsMessage } from './sns_signature.ts';
import { fieldsOf, isObject, jsonIn, objectIn } from './webhook_body.ts';
import { textOf } from './webhook_fields.ts';
import type { Circumstances, MailEvent, WebhookRequest, WebhookSource } from './webhook_source.ts';

/** SNS waits 15 s for an answer, this one's included. */
const PATIENCE_MS = 10_000;

/** @param certificates what is known of Amazon's already. */
export function sesSource(certificates: SnsCertificates = new SnsCertificates()): WebhookSource {
  return {
    name: 'ses',
    signingSecret: 'TopicArn',
    // Whoever knows the path could otherwise have a topic of his own subscribed, by our own hand.
    needsSigningSecret: true,
    verify: (request, topics, circumstances) => verifySnsMessage(request, topics, certificates, circumstances),
    parse: parseSes,
    answer: confirmSubscription,
  };
}

export const sesWebhooks = sesSource();

/** One event a recipient. Confirmations, and what SNS or people publish to the topic in plain text, hold none. */
function parseSes({ body }: WebhookRequest): MailEvent[] {
  const envelope = objectIn(body);
  const type = textOf(envelope['Type']);
  if (type !== null && type !== 'Notification') return [];
  const content = envelope['Message'];
  // A record without an envelope is recorded by hand or by an older version: with "raw message delivery" nothing is signed, so it is refused.
  const record = content === undefined ? envelope : recordIn(content);
  const key = textOf(envelope['MessageId']) ?? digestKey(body);
  return eventsOfRecord(record, { key: shortKey(key), time: envelope['Timestamp'] });
}

function recordIn(content: unknown) {
  if (isObject(content)) return content;
  return fieldsOf(typeof content === 'string' ? jsonIn(content) : null);
}

/** Only for a message that was verified: it is from the topic that is set. @throws Error when SNS could not be told; it asks again. */
async function confirmSubscription({ body }: WebhookRequest, { fetch }: Circumstances): Promise<void> {
  const message = snsMessageIn(body);
  if (message?.Type !== 'SubscriptionConfirmation') return;
  const address = snsAddress(message.SubscribeURL ?? '');
  if (address === null) throw new Error('SubscribeURL is not an address of Amazon SNS');
  if (address.searchParams.get('TopicArn') !== message.TopicArn) throw new Error('SubscribeURL is of another topic');
  const response = await fetch(address.href, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`SNS answered ${response.status} when its subscription was confirmed`);
}
