// A mail as EngageLab's POST /v1/mail/send wants it. Source: EngageLab, REST API, "Deliveries".
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

// RFC 5322 ftext would allow more; what mail software agrees on is RFC 9110's token.
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const LINE_BREAK = /[\r\n\0]/;
// One address and nothing that a parser of address lists would read as a second one.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is kept out.
const ONE_ADDRESS = /^[^\s<>,;:"()[\]\\\u0000-\u001f\u007f]+@[^\s<>,;"()\\@\u0000-\u001f\u007f]+$/;
// RFC 5322 atext with spaces between, and what RFC 6532 adds to it.
const PLAIN_NAME = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ \u0080-\u{10ffff}-]+$/u;

/** What makes a mail impossible to hand over, or null. Nothing is dropped or mended in silence. */
export function refusalOf(mail: Mail): Outcome | null {
  return addressRefusal(mail) ?? lineBreakRefusal(mail) ?? headerRefusal(mail);
}

function addressRefusal(mail: Mail): Outcome | null {
  const addresses = Object.entries({ from: mail.from.address, to: mail.to, 'reply-to': mail.replyTo });
  const bad = addresses.find(([, address]) => address !== null && !ONE_ADDRESS.test(address));
  if (bad === undefined) return null;
  return refused(LINE_BREAK.test(bad[1] ?? '') ? 'header' : 'address', `"${bad[0]}" is not one plain address`);
}

function lineBreakRefusal(mail: Mail): Outcome | null {
  const values = Object.entries({ ...mail.headers, from: mail.from.name ?? '', subject: mail.subject });
  const bad = values.find(([name, value]) => LINE_BREAK.test(name) || LINE_BREAK.test(value));
  return bad === undefined ? null : refused('header', `the header ${JSON.stringify(bad[0])} has a line break in it`);
}

function headerRefusal(mail: Mail): Outcome | null {
  const bad = Object.keys(mail.headers).find((name) => !HEADER_NAME.test(name) || isForbiddenHeader(name));
  return bad === undefined ? null : refused('header', `EngageLab takes no header ${JSON.stringify(bad)}`);
}

/** Whether EngageLab refuses a header of this name (30862). */
export function isForbiddenHeader(name: string): boolean {
  return FORBIDDEN_HEADERS.has(name.toLowerCase());
}

function refused(code: string, message: string): Outcome {
  return { kind: 'refused', code, message };
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
