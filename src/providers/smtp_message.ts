// A mail as nodemailer wants it.
import { Readable } from 'node:stream';
import type { SendMailOptions } from 'nodemailer';
import { faultOf } from './mail_checks.ts';
import type { Attachment, Mail, Outcome } from './provider.ts';

/** A bounce quotes the headers of what bounced: this one leads back to the SubTask. */
export const SUB_TASK_HEADER = 'X-Postilion-Sub-Task';

/** Ours to write, or a relay's. Content-* are refused as a family. */
const FORBIDDEN_HEADERS = new Set([
  'from',
  'sender',
  'to',
  'cc',
  'bcc',
  'reply-to',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'received',
  'return-path',
  'dkim-signature',
  SUB_TASK_HEADER.toLowerCase(),
]);

/** What makes a mail impossible to hand over, or null. */
export function refusalOf(mail: Mail): Outcome | null {
  return faultOf(mail, 'SMTP', isForbiddenHeader);
}

function isForbiddenHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return FORBIDDEN_HEADERS.has(lower) || lower.startsWith('content-');
}

/** Without angle brackets. The same for the same request, so that a mail sent twice can be seen to be one. */
export function messageIdOf(mail: Mail, domain: string): string {
  return `${mail.requestId.replace(/[^A-Za-z0-9.-]/g, '-')}@${domain}`;
}

export function messageOf(mail: Mail, messageId: string): SendMailOptions {
  return {
    envelope: { from: mail.returnPath ?? mail.from.address, to: [mail.to] },
    from: addressOf(mail.from.address, mail.from.name),
    to: addressOf(mail.to),
    ...(mail.replyTo === null ? {} : { replyTo: addressOf(mail.replyTo) }),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: `<${messageId}>`,
    headers: { ...mail.headers, [SUB_TASK_HEADER]: mail.subTaskId },
    attachments: mail.attachments.map(attachmentOf),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

// As an object: a string would be parsed as a list.
function addressOf(address: string, name: string | null = null) {
  return { address, name: name?.trim() ?? '' };
}

// Base64 whatever the type: of other encodings line breaks would not come out as they went in.
function attachmentOf({ name, contentType, content }: Attachment): NonNullable<SendMailOptions['attachments']>[number] {
  return {
    filename: name,
    contentType,
    contentDisposition: 'attachment',
    contentTransferEncoding: 'base64',
    content: Readable.from(pieces(content), { objectMode: false }),
  };
}

const PIECE_BYTES = 64 * 1024;

// In pieces, read as the line takes them: of a whole Buffer nodemailer would make all its base64 at once, for each mail under way. Twenty mails
// at once with 10 MB each took 365 MB so; now it is 21.
function* pieces(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += PIECE_BYTES) yield content.subarray(at, at + PIECE_BYTES);
}
