// Amazon SES's words for what happened to a mail: where each keeps what it says, whom it is about, and which of our kinds it is.
import { bounceKind, isSuppressed } from './bounce_kind.ts';
import { type Fields, fieldsOf, isObject, listOf } from './webhook_body.ts';
import { textOf } from './webhook_fields.ts';
import type { MailEventKind } from './webhook_source.ts';

export interface Word {
  /** Of the record: where the details stand. */
  readonly field: string;
  /** Of the details: whom it is about. Absent: everybody the mail went to, or, where that was `one` of them, nobody in particular. */
  readonly recipients?: string;
  readonly one?: true;
  /** @param recipient as the record lists one. */
  readonly kind: (details: Fields, recipient: Fields) => MailEventKind;
}

const WORDS: ReadonlyMap<string, Word> = new Map<string, Word>([
  ['Send', { field: 'send', kind: () => 'sent' }],
  ['Delivery', { field: 'delivery', recipients: 'recipients', kind: () => 'delivered' }],
  ['DeliveryDelay', { field: 'deliveryDelay', recipients: 'delayedRecipients', kind: () => 'deferred' }],
  ['Bounce', { field: 'bounce', recipients: 'bouncedRecipients', kind: bounce }],
  ['Complaint', { field: 'complaint', recipients: 'complainedRecipients', kind: complaint }],
  ['Reject', { field: 'reject', kind: () => 'failed' }],
  ['Rendering Failure', { field: 'failure', kind: () => 'failed' }],
  ['Open', { field: 'open', one: true, kind: () => 'open' }],
  ['Click', { field: 'click', one: true, kind: () => 'click' }],
  ['Subscription', { field: 'subscription', one: true, kind: subscription }],
]);
const UNKNOWN: Word = { field: '', kind: () => 'other' };

export function wordOf(name: string): Word {
  return WORDS.get(name) ?? UNKNOWN;
}

function bounce(details: Fields, recipient: Fields): MailEventKind {
  return bounceKind({
    type: textOf(details['bounceType']),
    subType: textOf(details['bounceSubType']),
    status: textOf(recipient['status']),
    diagnostic: textOf(recipient['diagnosticCode']),
  });
}

/** Nobody complained about a mail that SES didn't send, nor when the report takes an earlier one back. */
function complaint(details: Fields): MailEventKind {
  if (isSuppressed(textOf(details['complaintSubType']))) return 'failed';
  return details['complaintFeedbackType'] === 'not-spam' ? 'other' : 'complaint';
}

/** SES keeps preferences by topic, too. Who left one by a mail of ours wants no more of these; who came back, or moved in, is no news of a mail. */
function subscription(details: Fields): MailEventKind {
  const now = fieldsOf(details['newTopicPreferences']);
  if (now['unsubscribeAll'] === true) return 'unsubscribe';
  const before = topicsLeft(details['oldTopicPreferences']);
  const left = topicsLeft(now).filter((topic) => !before.includes(topic));
  return left.length > 0 ? 'unsubscribe' : 'other';
}

function topicsLeft(preferences: unknown): (string | null)[] {
  const topics = listOf(fieldsOf(preferences)['topicSubscriptionStatus']).filter(isObject);
  return topics.filter((topic) => topic['subscriptionStatus'] === 'OptOut').map((topic) => textOf(topic['topicName']));
}
