import { z } from 'zod';
import type { Selecting } from './selecting.ts';

const planSchema = z.object({
  workspaceId: z.string(),
  senderId: z.string(),
  task: z.object({ id: z.string(), name: z.string(), trackOpens: z.boolean(), trackClicks: z.boolean() }),
  sender: z.object({ name: z.string(), displayName: z.string().nullable() }),
  replyTo: z.string().nullable(),
  templates: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      subject: z.string(),
      html: z.string(),
      text: z.string().nullable(),
      weight: z.number(),
    }),
  ),
  contact: z
    .object({
      id: z.string(),
      email: z.string(),
      name: z.string().nullable(),
      attributes: z.record(z.string(), z.unknown()),
    })
    .nullable(),
  service: z
    .object({
      id: z.string(),
      name: z.string(),
      provider: z.string(),
      domain: z.string(),
      trackingBaseUrl: z.string().nullable(),
      bounceAddress: z.string().nullable(),
    })
    .nullable(),
  /** What was last found missing or wrong of the sending domains it may go out by. */
  domains: z.array(z.object({ service: z.string(), domain: z.string(), says: z.string(), remedy: z.string() })),
  files: z.number(),
});

export type MailPlan = z.infer<typeof planSchema>;

/** Which mail; either a Task's or a template's. */
export interface MailChoice {
  readonly taskId: string | null;
  readonly templateId: string | null;
  /** Null: the Task's; of a template, the workspace's first. */
  readonly senderId: string | null;
  readonly contactId: string | null;
  /** Null: a likely one. */
  readonly emailServiceId: string | null;
}

/**
 * What rendering one mail needs.
 * @param role that the caller must have in the workspace
 * @throws DatabaseError NTFND, FRBDN, or BADIN naming the field
 */
export async function mailPlan(
  db: Selecting,
  choice: MailChoice,
  role: 'viewer' | 'editor' | 'sender',
): Promise<MailPlan> {
  const { taskId, templateId, senderId, contactId, emailServiceId } = choice;
  const { rows } = await db.query<{ plan: unknown }>({
    text: 'select app_private.mail_plan($1, $2, $3, $4, $5, $6) as plan',
    values: [taskId, templateId, senderId, contactId, emailServiceId, role],
  });
  return planSchema.parse(rows[0]?.plan);
}
