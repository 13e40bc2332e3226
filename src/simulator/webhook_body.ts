// EngageLab's webhook for one event of a mail, and the headers that sign it. Shapes: EngageLab, "WebHook", and captured events.
import { createHash } from 'node:crypto';
import type { EventKind } from './afterlife.ts';
import { type AcceptedMail, emailIdOf, messageIdOf } from './message.ts';

const APP_KEY_HEADER = 'email';
const RESPONSES = new Set<EventKind>(['open', 'click', 'unsubscribe', 'report_spam']);
const MESSAGES: Partial<Record<EventKind, string>> = { sent: 'Successfully sent', delivered: '250 OK' };
const FAILURES: Partial<Record<EventKind, { message: string; sub_stat: number }>> = {
  invalid_email: { message: '550 5.1.1 User unknown', sub_stat: 406 },
  soft_bounce: { message: '452 4.2.2 Mailbox full', sub_stat: 509 },
};

/** @param itime When it happened, milliseconds since 1970. */
export function webhookBody(mail: AcceptedMail, kind: EventKind, itime: number, userAgent: string): unknown {
  const common = { server: 'email', itime, custom_args: mail.customArgs ?? {} };
  return RESPONSES.has(kind)
    ? { ...common, response: responseOf(mail, kind, userAgent) }
    : { ...common, ...addressing(mail), status: statusOf(mail, kind) };
}

// Captured opens lacked message_id and `to`, so ours do as well.
function addressing(mail: AcceptedMail) {
  return { message_id: messageIdOf(mail.entry), from: mail.from, to: mail.to, subject: mail.subject };
}

function statusOf(mail: AcceptedMail, kind: EventKind) {
  const failure = FAILURES[kind];
  return {
    message_status: kind,
    status_data: {
      message: MESSAGES[kind] ?? failure?.message ?? '',
      task_id: -1,
      api_user: mail.apiUser,
      email_id: emailIdOf(mail.entry),
      label_id: 0,
    },
    ...(failure === undefined ? {} : { error_detail: failure }),
  };
}

function responseOf(mail: AcceptedMail, kind: EventKind, userAgent: string) {
  const data = {
    email_id: emailIdOf(mail.entry),
    message: kind,
    task_id: -1,
    ip: '127.0.0.1',
    user_agent: userAgent,
  };
  const click = { url: mail.links[0] ?? 'https://example.com/', explorer_name: 'Chrome', os_name: 'Windows' };
  return { event: kind, response_data: kind === 'click' ? { ...data, ...click } : data };
}

/** Signature scheme A: hex md5 of timestamp + AppKey header + APP KEY. Seconds: the unit is not documented. */
export function signedHeaders(appKey: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  return {
    'content-type': 'application/json; charset=utf-8',
    'x-webhook-timestamp': timestamp,
    'x-webhook-appkey': APP_KEY_HEADER,
    'x-webhook-signature': createHash('md5').update(`${timestamp}${APP_KEY_HEADER}${appKey}`).digest('hex'),
  };
}
