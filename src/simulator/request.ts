// What a request for POST /v1/mail/send says, read leniently first (to be recorded), then judged as EngageLab does.
import { z } from 'zod';
import { attachmentsFault, notesOf } from './attachments.ts';
import type { EntryDetails } from './entry.ts';

const MAX_ARGUMENTS_BYTES = 1_024;
const MAX_REQUEST_ID = 128;
const MAX_SUBJECT = 256;
const MAX_REPLY_TO = 3;
const FORBIDDEN_HEADERS =
  /^(dkim-signature|received|sender|date|from|to|reply-to|cc|bcc|subject|content-type|content-transfer-encoding|x-sendcloud-(uuid|log|log-new)|x-remote-web-ip|x-smtpapi|return-path)$/i;

/** The docs name few codes. For faults whose code is not known the shape is right and the code is this one. */
const UNDOCUMENTED = 30_899;

const text = z.string().catch('');
const fields = z.record(z.string(), z.unknown()).catch({});
const ADDRESS = /^[^@\s]+@[^@\s]+$/;
const replyTo = z.array(z.string().regex(ADDRESS)).min(1).max(MAX_REPLY_TO);

const mail = z.looseObject({
  from: text,
  to: z.array(z.unknown()).catch([]),
  body: z
    .looseObject({
      subject: text,
      content: z.looseObject({ html: text, text }).catch({ html: '', text: '' }),
      headers: fields,
      reply_to: z.unknown().optional(),
      attachments: z.unknown().optional(),
    })
    .catch({ subject: '', content: { html: '', text: '' }, headers: {} }),
  custom_args: z.unknown().optional(),
  request_id: text,
});

export type MailRequest = z.infer<typeof mail>;

export interface Rejection {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

/** Whatever can be read of a body. */
export function readRequest(body: unknown): MailRequest {
  return mail.parse(typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {});
}

export function detailsOf(request: MailRequest, account: string | null): EntryDetails {
  const args = fields.parse(request.custom_args);
  return {
    account,
    subTaskId: text.parse(args['subtask_id']) || null,
    requestId: request.request_id || null,
    recipient: text.parse(request.to[0]) || null,
    fromDomain: /@([^@>\s]+)>?\s*$/.exec(request.from)?.[1]?.toLowerCase() ?? null,
    campaign: text.parse(args['task_id']) || text.parse(args['campaign_id']) || null,
    replyTo: replyTo.safeParse(request.body.reply_to).data?.join(', ') ?? null,
    attachments: notesOf(request.body.attachments),
  };
}

/** The first thing EngageLab would find fault with, or null. */
export function rejectionOf(request: MailRequest): Rejection | null {
  const { content, headers, subject, reply_to, attachments } = request.body;
  const forbidden = Object.keys(headers).find((name) => FORBIDDEN_HEADERS.test(name));
  if (request.from.trim() === '') return bad(30_801, 'From can not be empty');
  if (request.to.length === 0) return bad(UNDOCUMENTED, 'To can not be empty');
  if (request.to.length > 1) return bad(UNDOCUMENTED, 'the simulator takes one recipient a mail');
  if (!ADDRESS.test(text.parse(request.to[0]))) return bad(UNDOCUMENTED, 'To format is invalid');
  if (subject === '') return bad(UNDOCUMENTED, 'Subject can not be empty');
  if (subject.length > MAX_SUBJECT) return bad(UNDOCUMENTED, 'Subject is too long');
  if (content.html === '' && content.text === '') return bad(UNDOCUMENTED, 'html and text can not both be empty');
  if (reply_to !== undefined && !replyTo.safeParse(reply_to).success) return bad(UNDOCUMENTED, 'ReplyTo is invalid');
  const unfit = attachmentsFault(attachments);
  if (unfit !== null) return bad(UNDOCUMENTED, unfit);
  if (forbidden !== undefined) return bad(30_862, `The header ${forbidden} is not allowed`);
  if (!areArguments(request.custom_args)) return bad(30_893, 'The custom_args must be json format');
  if (request.request_id.length > MAX_REQUEST_ID) return bad(UNDOCUMENTED, 'request_id is too long');
  return null;
}

function areArguments(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object' || Array.isArray(value)) return false;
  return !Object.keys(value).some((key) => key.includes('.')) && JSON.stringify(value).length <= MAX_ARGUMENTS_BYTES;
}

function bad(code: number, message: string): Rejection {
  return { status: 400, code, message };
}
