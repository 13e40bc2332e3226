// A mail as EngageLab's POST /v1/mail/send wants it. Source: EngageLab, REST API, "Deliveries".
import { faultOf } from './mail_checks.ts';
import type { Mail, Outcome } from './provider.ts';

const FORBIDDEN_HEADERS = new Set([
  'dkim-signature',
  'received',
  'sender',
  'date',
  'from',
  'to',
  'reply-to',
  'cc',
  'bcc',
  'subject',
  'content-type',
  'content-transfer-encoding',
  'x-sendcloud-uuid',
  'x-sendcloud-log',
  'x-sendcloud-log-new',
  'x-remote-web-ip',
  'x-smtpapi',
  'return-path',
]);

// RFC 5322 atext with spaces between, and what RFC 6532 adds to it.
const PLAIN_NAME = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ \u0080-\u{10ffff}-]+$/u;

/** What makes a mail impossible to hand over, or null. */
export function refusalOf(mail: Mail): Outcome | null {
  return faultOf(mail, 'EngageLab', isForbiddenHeader);
}

/** Whether EngageLab refuses a header of this name (30862). */
export function isForbiddenHeader(name: string): boolean {
  return FORBIDDEN_HEADERS.has(name.toLowerCase());
}

/** The JSON body. A tracking switch is only named where ours is on: elsewhere the account's own setting rules. */
export function requestBody(mail: Mail): string {
  return JSON.stringify({
    from: fromHeader(mail.from),
    to: [mail.to],
    body: {
      subject: mail.subject,
      content: { html: mail.html, text: mail.text },
      headers: mail.headers,
      ...(mail.replyTo === null ? {} : { reply_to: [mail.replyTo] }),
      settings: {
        send_mode: 0,
        return_email_id: true,
        unsubscribe_tracking: false,
        ...(mail.tracked.opens ? { open_tracking: false } : {}),
        ...(mail.tracked.clicks ? { click_tracking: false } : {}),
      },
    },
    custom_args: mail.customArgs,
    request_id: mail.requestId,
  });
}

/** `Name <address>`, the name quoted where RFC 5322 asks for it. */
export function fromHeader(from: Mail['from']): string {
  const name = from.name?.trim() ?? '';
  if (name === '') return from.address;
  const phrase = PLAIN_NAME.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
  return `${phrase} <${from.address}>`;
}
