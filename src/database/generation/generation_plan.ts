import { z } from 'zod';
import type { Queryable } from '../pool.ts';

const plan = z.object({
  task: z.object({ id: z.string(), name: z.string(), trackOpens: z.boolean(), trackClicks: z.boolean() }),
  sender: z.object({ name: z.string(), displayName: z.string().nullable() }),
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
  batchesLeft: z.number(),
});

export type GenerationPlan = z.infer<typeof plan>;

/** What rendering a Task needs besides its recipients. */
export async function generationPlan(db: Queryable, taskId: string): Promise<GenerationPlan> {
  const { rows } = await db.query<{ plan: unknown }>('select app_private.generation_plan($1) as plan', [taskId]);
  return plan.parse(rows[0]?.plan);
}
