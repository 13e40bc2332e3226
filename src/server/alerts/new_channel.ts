// Channels as people give them, in GraphQL or at the terminal.
import { z } from 'zod';
import { severities } from '../../alerts/digest.ts';
import { mailServerAt } from '../../alerts/mail_server.ts';
import { isSigningSecret, newSigningSecret } from '../../alerts/signing.ts';
import type { NewAlertChannel } from '../../database/alerts/create_alert_channel.ts';
import { Fault } from '../errors.ts';

const longest = 2_000;

const common = z.object({
  name: z.string().min(1, 'expected a name').max(100, 'expected at most 100 characters'),
  minimumSeverity: z.enum(severities, `expected one of ${severities.join(', ')}`).default('warning'),
  mostPerHour: z.number('expected a number').int().min(1, 'expected 1 to 60').max(60, 'expected 1 to 60').default(6),
});

// No message repeats what was given: an address of Slack is a secret.
const webhook = common.extend({
  url: z.url({ protocol: /^https?$/, error: 'expected an https address' }).max(longest, 'expected fewer characters'),
  secret: z
    .string()
    .refine(isSigningSecret, 'expected whsec_ and 24 to 64 bytes in base64; leave it out, and one is made')
    .nullish(),
});

const plainAddress = z.string().regex(/^[^\s@<>,;:"()[\]\\]{1,64}@[A-Za-z0-9.-]{1,253}$/, 'expected a mail address');
const email = common.extend({
  addresses: z.array(plainAddress).min(1, 'expected an address').max(20, 'expected at most 20'),
  emailServiceId: z.string().nullish(),
  senderId: z.string().nullish(),
  serverUrl: z
    .string()
    .max(longest, 'expected fewer characters')
    .refine((url) => mailServerAt(url) !== null, 'expected smtp://user:password@host:587, or smtps')
    .nullish(),
  from: plainAddress.nullish(),
});

export interface NewWebhook {
  readonly channel: NewAlertChannel;
  /** Told once. */
  readonly signingSecret: string;
}

/** @throws Fault BADIN naming the field */
export function newWebhookChannel(given: unknown): NewWebhook {
  const { url, secret, ...terms } = parsed(webhook, given);
  const signingSecret = secret ?? newSigningSecret();
  const channel = {
    ...terms,
    ...nobody,
    kind: 'webhook',
    host: new URL(url).host,
    secret: { url, secret: signingSecret },
  } as const;
  return { channel, signingSecret };
}

/** @throws Fault BADIN naming the field */
export function newEmailChannel(given: unknown): NewAlertChannel {
  const { addresses, emailServiceId, senderId, serverUrl, from, ...terms } = parsed(email, given);
  const channel = { ...terms, ...nobody, kind: 'email', addresses } as const;
  if (serverUrl) {
    if (emailServiceId) throw new Fault('BADIN', 'serverUrl: expected either a mail server or a service, not both');
    if (!from) throw new Fault('BADIN', 'from: a mail server needs the address that mails are from');
    return { ...channel, host: mailServerAt(serverUrl)?.host ?? null, secret: { url: serverUrl, from } };
  }
  if (!emailServiceId) throw new Fault('BADIN', 'serverUrl: expected a mail server or, as emailServiceId, a service');
  if (!senderId) throw new Fault('BADIN', 'senderId: a service needs a sender, whose workspace pays for the mails');
  return { ...channel, emailServiceId, senderId };
}

const nobody = { host: null, addresses: null, emailServiceId: null, senderId: null, secret: null } as const;

function parsed<T extends z.ZodType>(shape: T, given: unknown): z.infer<T> {
  const result = shape.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Fault('BADIN', `${issue?.path[0] === undefined ? 'input' : String(issue.path[0])}: ${issue?.message}`);
}
