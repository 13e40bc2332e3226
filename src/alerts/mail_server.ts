// Alerts by a mail server of their own: beside the queue, so that they arrive when the queue is what is wrong.
import { randomUUID } from 'node:crypto';
import type { Mail, Outcome } from '../providers/provider.ts';
import { smtp } from '../providers/smtp.ts';
import { lineOptions } from '../providers/smtp_endpoint.ts';
import type { MailServerSecret } from './channel_secret.ts';
import { NotTaken } from './post.ts';

export interface AlertMail {
  /** The same for each attempt: it becomes the Message-ID. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** smtp://user:password@host:587 without what logs in. @returns null for what is no such address */
export function mailServerAt(
  url: string,
): { baseUrl: string; credentials: Record<string, string>; host: string } | null {
  const parsed = URL.parse(url);
  if (parsed === null) return null;
  const [user, password] = [decodeURIComponent(parsed.username), decodeURIComponent(parsed.password)];
  parsed.username = '';
  parsed.password = '';
  const baseUrl = parsed.href;
  if (lineOptions(baseUrl) === null || (user === '') !== (password === '')) return null;
  return { baseUrl, credentials: user === '' ? {} : { user, password }, host: parsed.host };
}

/** @throws NotTaken */
export async function sendByServer({ url, from }: MailServerSecret, mail: AlertMail, timeoutMs: number): Promise<void> {
  const server = mailServerAt(url);
  if (server === null) throw new NotTaken('its address is no smtp://host:port', true);
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const sender = smtp.open({
    serviceId: randomUUID(),
    domain,
    baseUrl: server.baseUrl,
    credentials: server.credentials,
  });
  try {
    judge(await sender.send(finished(mail, from), timeoutMs));
  } finally {
    await sender.close();
  }
}

function finished({ id, to, subject, text, html }: AlertMail, from: string): Mail {
  return {
    subTaskId: id,
    requestId: `alert.${id}`,
    from: { address: from, name: 'Postilion' },
    to,
    replyTo: null,
    returnPath: null,
    subject,
    html,
    text,
    headers: { 'Auto-Submitted': 'auto-generated' },
    attachments: [],
    customArgs: {},
    tracked: { opens: false, clicks: false },
  };
}

function judge(outcome: Outcome): void {
  if (outcome.kind === 'accepted') return;
  throw new NotTaken(outcome.message, outcome.kind === 'refused');
}
