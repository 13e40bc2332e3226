// A mail as it would go out, made by the code that makes it in earnest, and what speaks against it. Nothing is kept.
import type { Config } from '../config.ts';
import type { RenderedSubTask } from '../database/generation/insert_batch.ts';
import type { Recipient } from '../database/generation/read_batch.ts';
import type { Secret } from '../database/secret.ts';
import type { MailPlan } from '../database/test_mails/mail_plan.ts';
import { fromHeader } from '../providers/engagelab_request.ts';
import type { Mail } from '../providers/provider.ts';
import { messageIdOf } from '../providers/smtp_message.ts';
import { toMail } from './mail.ts';
import { type MailWarning, warningsAbout } from './mail_warnings.ts';
import { Mailing } from './mailing.ts';
import { sampleContact } from './sample_contact.ts';

/** What finished mails are made with, beside their plan. */
export interface MailMaker {
  readonly config: Config;
  readonly secret: Secret;
  /** Of the tracking links of services without one of their own. */
  readonly trackingOrigin: string;
}

export interface MailHeader {
  readonly name: string;
  readonly value: string;
}

export interface MailPreview {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: readonly MailHeader[];
  /** Bytes of the HTML. */
  readonly htmlBytes: number;
  /** Rendered for nobody: what templates say of a Contact names itself. */
  readonly isSample: boolean;
  readonly templateId: string;
  readonly emailServiceId: string | null;
  readonly warnings: readonly MailWarning[];
}

/** Where nothing says which service will send. */
const unknownDomain = 'sending-domain.example';

/**
 * @param unused attributes that hardly any Contact has
 * @throws TemplateError, RenderError saying where
 */
export function previewMail(plan: MailPlan, unused: readonly string[], maker: MailMaker): MailPreview {
  // Without tracking: whoever looks at it is not its recipient.
  const shown = mailingOf(plan, maker, { opens: false, clicks: false });
  const contact = plan.contact ?? sampleContact(shown);
  const row = shown.renderOne(contact);
  const mail = finished(row, plan, maker);
  return {
    subject: mail.subject,
    html: mail.html,
    text: mail.text,
    headers: headersOf(mail, plan),
    htmlBytes: Buffer.byteLength(mail.html),
    isSample: plan.contact === null,
    templateId: row.templateId,
    emailServiceId: plan.service?.id ?? null,
    warnings: warningsAbout({
      plan,
      row,
      contact,
      unused,
      checked: mailingOf(plan, maker, { opens: false, clicks: true }),
    }),
  };
}

/** One mail for somebody, as it goes out. @throws TemplateError, RenderError saying where */
export function renderTestMail(plan: MailPlan, maker: MailMaker, to: string): RenderedSubTask {
  const mailing = mailingOf(plan, maker, { opens: plan.task.trackOpens, clicks: plan.task.trackClicks });
  const contact: Recipient = plan.contact ?? { ...sampleContact(mailing), email: to };
  return mailing.renderOne(contact);
}

/** What the templates can't do without in a Contact. */
export function attributesNeeded(plan: MailPlan, maker: MailMaker): string[] {
  return mailingOf(plan, maker, { opens: false, clicks: false }).attributes();
}

function mailingOf(
  plan: MailPlan,
  { config, secret }: MailMaker,
  tracked: { opens: boolean; clicks: boolean },
): Mailing {
  const task = { ...plan.task, trackOpens: tracked.opens, trackClicks: tracked.clicks };
  return new Mailing({ ...plan, task }, config, secret.tracking);
}

function finished(row: RenderedSubTask, plan: MailPlan, { config, secret, trackingOrigin }: MailMaker): Mail {
  const begun = {
    id: row.id,
    taskId: plan.task.id,
    recipientEmail: row.email,
    senderEmail: `${plan.sender.name}@${plan.service?.domain ?? unknownDomain}`,
    senderDisplayName: plan.sender.displayName,
    replyTo: plan.replyTo,
    subject: row.subject,
    html: row.html,
    text: row.text,
    trackingId: row.trackingId,
    refusals: 0,
    trackOpens: false,
    trackClicks: false,
  };
  const terms = {
    trackingOrigin: plan.service?.trackingBaseUrl ?? trackingOrigin,
    bounceAddress: plan.service?.bounceAddress ?? null,
  };
  return toMail(begun, [], terms, { config, secret });
}

function headersOf(mail: Mail, { service }: MailPlan): MailHeader[] {
  const headers: Record<string, string | null> = {
    From: fromHeader(mail.from),
    To: mail.to,
    'Reply-To': mail.replyTo,
    Subject: mail.subject,
    // Other providers choose it themselves.
    'Message-ID': service?.provider === 'smtp' ? `<${messageIdOf(mail, service.domain)}>` : null,
    'Return-Path': mail.returnPath === null ? null : `<${mail.returnPath}>`,
    ...mail.headers,
  };
  return Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
}
