// Promise: whatever the body, a source makes sound events of it or throws WebhookParseError, and makes the same ones again.
import { test } from 'node:test';
import fc from 'fast-check';
import { mailgunWebhooks } from '../../src/providers/mailgun_webhook.ts';
import { postmarkWebhooks } from '../../src/providers/postmark_webhook.ts';
import { sendgridWebhooks } from '../../src/providers/sendgrid_webhook.ts';
import { sparkpostWebhooks } from '../../src/providers/sparkpost_webhook.ts';
import type { WebhookSource } from '../../src/providers/webhook_source.ts';
import { assertNothingBreaks, outcomeOf } from './webhook_support.ts';

/** Names that this format gives a meaning, so that any value comes to stand under them. */
const NAMES: ReadonlyMap<WebhookSource, readonly string[]> = new Map([
  [
    sendgridWebhooks,
    [
      'event',
      'email',
      'timestamp',
      'sg_event_id',
      'sg_message_id',
      'smtp-id',
      'type',
      'status',
      'reason',
      'bounce_classification',
      'useragent',
      'url',
      'subtask_id',
      'unique_args',
    ],
  ],
  [
    mailgunWebhooks,
    [
      'event-data',
      'event',
      'id',
      'timestamp',
      'severity',
      'reason',
      'delivery-status',
      'code',
      'message',
      'headers',
      'to',
      'message-id',
      'client-info',
      'bot',
      'user-variables',
      'subtask_id',
    ],
  ],
  [
    postmarkWebhooks,
    [
      'RecordType',
      'Type',
      'ID',
      'MessageID',
      'Recipient',
      'Email',
      'BouncedAt',
      'ReceivedAt',
      'Details',
      'Metadata',
      'Content',
      'SuppressSending',
      'SuppressionReason',
      'Geo',
      'OriginalLink',
    ],
  ],
  [
    sparkpostWebhooks,
    [
      'msys',
      'message_event',
      'type',
      'event_id',
      'timestamp',
      'bounce_class',
      'raw_reason',
      'rcpt_meta',
      'rcpt_to',
      'user_agent_parsed',
      'is_proxy',
    ],
  ],
]);

/** Values that look right, near enough to be taken for it. */
const WORDS = [
  'bounce',
  'failed',
  'Bounce',
  'open',
  'opened',
  'Click',
  'SubscriptionChange',
  'permanent',
  '5.1.1',
  '1461095246',
  '__proto__',
  '{"subtask_id":1}',
  '\u0000',
  '\ud800',
  'a@b',
];

function anyJson(names: readonly string[]): fc.Arbitrary<unknown> {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      fc.constantFrom(...WORDS),
      fc.jsonValue(),
      fc.double(),
      tie('list'),
      tie('object'),
    ),
    list: fc.array(tie('value'), { maxLength: 3 }),
    object: fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), tie('value'), { maxKeys: 8 }),
  }));
  return value;
}

for (const [source, names] of NAMES) {
  test(`${source.name}: whatever the body, nothing breaks`, () => assertNothingBreaks(source, anyJson(names)));

  test(`${source.name}: JSON nested a hundred thousand deep is no crash`, () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const name of names)
      outcomeOf(source, Buffer.from(`[{"event":"open","RecordType":"Open","${name}":${deep}}]`));
  });
}
