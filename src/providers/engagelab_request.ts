// A mail as EngageLab's POST /v1/mail/send wants it. Source: EngageLab, REST API, "Deliveries".
import { faultOf } from './mail_checks.ts';
import type { Attachment, Mail, Outcome } from './provider.ts';

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

/** Of all attachments together, in bytes. The documentation says 10 MB and not which; this is the smaller one. */
const MAX_ATTACHMENTS = 10_000_000;

/** What makes a mail impossible to hand over, or null. */
export function refusalOf(mail: Mail): Outcome | null {
  return faultOf(mail, 'EngageLab', isForbiddenHeader) ?? sizeFault(mail.attachments);
}

function sizeFault(attachments: readonly Attachment[]): Outcome | null {
  const size = attachments.reduce((sum, { content }) => sum + content.length, 0);
  if (size <= MAX_ATTACHMENTS) return null;
  const message = `EngageLab takes attachments of ${MAX_ATTACHMENTS} bytes in all; these have ${size}`;
  return { kind: 'refused', code: 'attachment', message };
}

/** Whether EngageLab refuses a header of this name (30862). */
export function isForbiddenHeader(name: string): boolean {
  return FORBIDDEN_HEADERS.has(name.toLowerCase());
}

/**
 * The JSON body, in pieces. Attachments are a piece of their own, one for all mails of a Task: 13 MB of base64 for each mail of a batch of 50
 * would be over half a gigabyte.
 */
export function requestBody(mail: Mail): Buffer[] {
  const json = withoutAttachments(mail);
  if (mail.attachments.length === 0) return [Buffer.from(json)];
  return [
    Buffer.from(`${json.slice(0, -END.length)},"attachments":`),
    attachmentsJson(mail.attachments),
    Buffer.from(END),
  ];
}

/** Of `body`, which comes last for that reason, and of the whole. */
const END = '}}';

const encoded = new WeakMap<readonly Attachment[], Buffer>();

function attachmentsJson(attachments: readonly Attachment[]): Buffer {
  const known = encoded.get(attachments);
  if (known !== undefined) return known;
  const made = Buffer.from(JSON.stringify(attachments.map(attachmentOf)));
  encoded.set(attachments, made);
  return made;
}

function attachmentOf({ name, contentType, content }: Attachment) {
  return { content: content.toString('base64'), type: contentType, filename: name, disposition: 'attachment' };
}

// A tracking switch is only named where ours is on: elsewhere the account's own setting rules.
function withoutAttachments(mail: Mail): string {
  return JSON.stringify({
    from: fromHeader(mail.from),
    to: [mail.to],
    custom_args: mail.customArgs,
    request_id: mail.requestId,
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
  });
}

/** `Name <address>`, the name quoted where RFC 5322 asks for it. */
export function fromHeader(from: Mail['from']): string {
  const name = from.name?.trim() ?? '';
  if (name === '') return from.address;
  const phrase = PLAIN_NAME.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
  return `${phrase} <${from.address}>`;
}
