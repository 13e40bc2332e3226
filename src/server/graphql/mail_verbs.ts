// What previewMail and sendTestMail do. Their input is read by GraphQL.
import type { PgClient } from 'postgraphile/@dataplan/pg';
import { createTestMail } from '../../database/test_mails/create_test_mail.ts';
import { type MailChoice, mailPlan } from '../../database/test_mails/mail_plan.ts';
import { unusedAttributes } from '../../database/test_mails/unused_attributes.ts';
import { RenderError, TemplateError } from '../../rendering/errors.ts';
import {
  attributesNeeded,
  type MailMaker,
  type MailPreview,
  previewMail,
  renderTestMail,
} from '../../tasks/preview.ts';
import { Fault } from '../errors.ts';

/** As GraphQL gives them: what is left out is undefined. */
export type GivenChoice = { readonly [Field in keyof MailChoice]?: string | null };

export interface TestMail {
  readonly taskId: string;
  readonly subTaskId: string;
}

/** @throws Fault, DatabaseError */
export async function preview(client: PgClient, given: GivenChoice, maker: MailMaker): Promise<MailPreview> {
  const plan = await mailPlan(client, choiceOf(given), 'viewer');
  return placed(async () => {
    const unused = await unusedAttributes(client, plan.workspaceId, attributesNeeded(plan, maker));
    return previewMail(plan, unused, maker);
  });
}

/** @throws Fault, DatabaseError */
export async function sendTest(
  client: PgClient,
  given: GivenChoice & { readonly to: string },
  maker: MailMaker,
): Promise<TestMail> {
  const choice = choiceOf(given);
  const plan = await mailPlan(client, choice, 'sender');
  const mail = await placed(async () => renderTestMail(plan, maker, given.to));
  const { workspaceId, senderId } = plan;
  const { taskId, emailServiceId } = choice;
  const test = { workspaceId, taskId, senderId, emailServiceId, to: given.to, mail };
  return { taskId: await createTestMail(client, test), subTaskId: mail.id };
}

function choiceOf({ taskId, templateId, senderId, contactId, emailServiceId }: GivenChoice): MailChoice {
  return {
    taskId: taskId ?? null,
    templateId: templateId ?? null,
    senderId: senderId ?? null,
    contactId: contactId ?? null,
    emailServiceId: emailServiceId ?? null,
  };
}

/** Errors of a template name the part that is at fault as the field, and the line in their message. */
async function placed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TemplateError || error instanceof RenderError)) throw error;
    throw new Fault('BADIN', `${error.part}: ${error.message}`, { cause: error });
  }
}
