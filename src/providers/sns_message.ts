// A message as Amazon SNS posts it. Source: Amazon SNS, "HTTP/HTTPS notification JSON format" and "Verifying the signatures of messages".
import { z } from 'zod';
import { jsonIn } from './webhook_body.ts';

/** On one line, or the canonical text below could be read in two ways. */
const line = z.string().regex(/^[^\r\n]*$/);

const snsMessage = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: line,
  TopicArn: line,
  Message: z.string(),
  Subject: line.nullish(),
  Timestamp: z.iso.datetime(),
  Token: line.nullish(),
  SubscribeURL: line.nullish(),
  SignatureVersion: line,
  Signature: line,
  SigningCertURL: line,
});

export type SnsMessage = z.infer<typeof snsMessage>;

const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const;
const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const;

/** null when the body is no message of SNS's, or not a whole one. */
export function snsMessageIn(body: Buffer): SnsMessage | null {
  return snsMessage.safeParse(jsonIn(body.toString('utf8'))).data ?? null;
}

/** What is signed: names and values on lines of their own, in the order of the alphabet; what is absent is left out. */
export function canonicalText(message: SnsMessage): string {
  const names = message.Type === 'Notification' ? NOTIFICATION : CONFIRMATION;
  const present = names.flatMap((name) => (message[name] == null ? [] : [`${name}\n${message[name]}\n`]));
  return present.join('');
}
