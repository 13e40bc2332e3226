import { z } from 'zod';
import type { GraphqlClient } from './graphql_client.ts';

const count = z.number();
const statistics = z.object({
  total: count,
  open: count,
  states: z.object({
    pending: count,
    allocated: count,
    sending: count,
    failed: count,
    cancelled: count,
    uncertain: count,
  }),
  funnel: z.object({
    sent: count,
    delivered: count,
    opened: count,
    clicked: count,
    bounced: count,
    unsubscribed: count,
  }),
});
const snapshot = z.object({
  status: z.string(),
  errorMessage: z.string().nullable(),
  statistics,
  services: z.array(
    z.object({
      service: z.object({ name: z.string(), intervalMs: count }),
      sent: count,
      meanAnswerMs: z.number().nullable(),
    }),
  ),
});

/** A Task as the demo shows it. */
export type Snapshot = z.infer<typeof snapshot>;

const fields = `
  status
  errorMessage
  statistics {
    total
    open
    states { pending allocated sending failed cancelled uncertain }
    funnel { sent delivered opened clicked bounced unsubscribed }
  }
  services { service { name intervalMs } sent meanAnswerMs }
`;

/** Yields the Task at each change of its numbers until nothing of it is open. */
export async function* follow(client: GraphqlClient, taskId: string): AsyncGenerator<Snapshot> {
  const events = client.subscribe(
    z.object({ taskProgress: z.object({ task: snapshot }) }),
    `subscription Progress($taskId: UUID!) { taskProgress(taskId: $taskId) { task { ${fields} } } }`,
    { taskId },
  );
  for await (const { taskProgress } of events) {
    yield taskProgress.task;
    if (isOver(taskProgress.task)) return;
  }
}

/** A Task with an uncertain mail stays open for its grace; nothing of it is under way all the same. */
function isOver({ status, statistics }: Snapshot): boolean {
  if (['completed', 'failed', 'cancelled'].includes(status)) return true;
  return status === 'sending' && statistics.open === 0;
}

export async function lastSnapshot(
  client: GraphqlClient,
  taskId: string,
): Promise<Snapshot & { statisticsDrift: number }> {
  const { task } = await client.request(
    z.object({ task: snapshot.extend({ statisticsDrift: count }) }),
    `query Last($taskId: UUID!) { task(id: $taskId) { ${fields} statisticsDrift } }`,
    { taskId },
  );
  return task;
}

export async function inboxBacklog(client: GraphqlClient): Promise<number> {
  const { inboxBacklog } = await client.request(z.object({ inboxBacklog: count }), '{ inboxBacklog }');
  return inboxBacklog;
}
