// What speaks against a mail that can be sent all the same.
import type { RenderedSubTask } from '../database/generation/insert_batch.ts';
import type { Recipient } from '../database/generation/read_batch.ts';
import type { MailPlan } from '../database/test_mails/mail_plan.ts';
import type { Part } from '../rendering/errors.ts';
import { isBlank } from '../rendering/mail_fields.ts';
import type { Mailing } from './mailing.ts';

export interface MailWarning {
  readonly code:
    | 'UNKNOWN_VARIABLE'
    | 'NO_PLAIN_TEXT'
    | 'TOO_LARGE'
    | 'INSECURE_LINK'
    | 'UNTRACKED_LINK'
    | 'NO_SERVICE'
    | 'BAD_DOMAIN';
  readonly message: string;
  readonly part: Part | null;
  /** Of the template's part, counted from 1. */
  readonly line: number | null;
}

export interface WarningGrounds {
  readonly plan: MailPlan;
  readonly row: RenderedSubTask;
  readonly contact: Recipient;
  readonly unused: readonly string[];
  /** The same templates with tracked links, which are known by number. */
  readonly checked: Mailing;
}

/** Gmail shows so much of a message's HTML and hides the rest behind a link. */
const gmailClipsAtBytes = 102 * 1024;

export function warningsAbout(grounds: WarningGrounds): MailWarning[] {
  return [
    ...unknownVariables(grounds),
    ...plainText(grounds),
    ...size(grounds),
    ...links(grounds),
    ...service(grounds),
    ...domains(grounds),
  ];
}

function unknownVariables({ checked, contact, unused }: WarningGrounds): MailWarning[] {
  return checked
    .templateOf(contact)
    .variables.filter(({ name }) => unused.includes(name))
    .map(({ name, part, line }) => ({
      code: 'UNKNOWN_VARIABLE',
      message: `hardly any contact has "contact.${name}"`,
      part,
      line,
    }));
}

function plainText({ plan, row }: WarningGrounds): MailWarning[] {
  const text = plan.templates.find(({ id }) => id === row.templateId)?.text ?? '';
  if (!isBlank(text)) return [];
  return [warning('NO_PLAIN_TEXT', 'the template has no plain text; it was made from the HTML', 'text')];
}

function size({ row }: WarningGrounds): MailWarning[] {
  const bytes = Buffer.byteLength(row.html);
  if (bytes <= gmailClipsAtBytes) return [];
  return [warning('TOO_LARGE', `the HTML has ${bytes} bytes; Gmail clips a mail at ${gmailClipsAtBytes}`, 'html')];
}

function links({ checked, contact }: WarningGrounds): MailWarning[] {
  const insecure = checked.renderOne(contact).links.filter((url) => !/^https:/i.test(url));
  const untracked = checked.templateOf(contact).untracked;
  return [
    ...insecure.map((url) => warning('INSECURE_LINK', `a link is not https: ${url}`, 'html')),
    ...untracked.map(({ line, reason }): MailWarning => {
      return { code: 'UNTRACKED_LINK', message: `clicks on a link can not be counted: ${reason}`, part: 'html', line };
    }),
  ];
}

function service({ plan }: WarningGrounds): MailWarning[] {
  if (plan.service !== null) return [];
  return [warning('NO_SERVICE', 'the workspace may use no service that is switched on', null)];
}

/** Of every service that may send it: which of them will is not known before. */
function domains({ plan }: WarningGrounds): MailWarning[] {
  return plan.domains.map(({ service: name, domain, says, remedy }) =>
    warning('BAD_DOMAIN', `${domain} (${name}): ${says} ${remedy}`, null),
  );
}

function warning(code: MailWarning['code'], message: string, part: Part | null): MailWarning {
  return { code, message, part, line: null };
}
