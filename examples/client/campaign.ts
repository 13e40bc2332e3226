// A campaign as a client makes one: a workspace with its contacts, a sender, a template, a Task, and its progress.
import type { Client } from './client.ts';
import { graphql, type ResultOf } from './graphql.ts';

const createWorkspace = graphql(`
  mutation CreateWorkspace($name: String!) {
    createWorkspace(input: { name: $name }) { workspace { id } }
  }
`);

const addContacts = graphql(`
  mutation AddContacts($workspaceId: UUID!, $contacts: JSON!) {
    addContacts(input: { workspaceId: $workspaceId, contacts: $contacts }) { count }
  }
`);

const createParts = graphql(`
  mutation CreateParts($workspaceId: UUID!, $subject: String!, $html: String!) {
    createSender(input: { workspaceId: $workspaceId, name: "news" }) { sender { id } }
    createTemplate(input: { workspaceId: $workspaceId, name: "News", subject: $subject, html: $html }) { template { id } }
  }
`);

const createTask = graphql(`
  mutation CreateTask($input: CreateTaskInput!) {
    createTask(input: $input) { task { id } }
  }
`);

const scheduleTask = graphql(`
  mutation ScheduleTask($taskId: UUID!) {
    scheduleTask(input: { taskId: $taskId }) { task { status } }
  }
`);

const taskProgress = graphql(`
  subscription TaskProgress($taskId: UUID!) {
    taskProgress(taskId: $taskId) {
      task {
        status
        errorMessage
        statistics {
          total
          states { failed cancelled uncertain }
          funnel { sent delivered opened clicked bounced }
        }
      }
    }
  }
`);

/** A Task as it stands at one moment. */
export type Progress = NonNullable<NonNullable<ResultOf<typeof taskProgress>['taskProgress']>['task']>;

export interface Campaign {
  readonly name: string;
  readonly subject: string;
  readonly html: string;
  readonly contacts: readonly { email: string; attributes?: Readonly<Record<string, unknown>> }[];
}

/** Sends a campaign now. @returns the Task's id */
export async function sendCampaign(client: Client, { name, subject, html, contacts }: Campaign): Promise<string> {
  const { createWorkspace: made } = await client.request(createWorkspace, { name });
  const workspaceId = idOf(made?.workspace);
  await client.request(addContacts, { workspaceId, contacts });
  const parts = await client.request(createParts, { workspaceId, subject, html });
  const senderId = idOf(parts.createSender?.sender);
  const templateIds = [idOf(parts.createTemplate?.template)];
  const drafted = await client.request(createTask, { input: { workspaceId, name, senderId, templateIds } });
  const taskId = idOf(drafted.createTask?.task);
  await client.request(scheduleTask, { taskId });
  return taskId;
}

/** Yields the Task at each change until it is over. */
export async function* follow(client: Client, taskId: string): AsyncGenerator<Progress> {
  for await (const { taskProgress: message } of client.subscribe(taskProgress, { taskId })) {
    if (!message?.task) throw new Error('the task is gone');
    yield message.task;
    if (['completed', 'failed', 'cancelled'].includes(message.task.status)) return;
  }
}

/** A payload's object is null only beside an error, which the client throws. */
function idOf(made: { id: string } | null | undefined): string {
  if (!made) throw new Error('nothing was made');
  return made.id;
}
