// Everything the demo creates, it creates as a client would: through GraphQL.
import { z } from 'zod';
import { sampleTemplate } from '../../rendering/sample_template.ts';
import type { ContactInput } from './contacts.ts';
import type { GraphqlClient } from './graphql_client.ts';

export interface DemoService {
  readonly name: string;
  readonly domain: string;
  /** The interval it has in earnest. */
  readonly seconds: number;
}

/** The first two have the pace of the system this one replaces, the others one around it. */
const paces = [
  ['north', 31],
  ['south', 18],
  ['east', 24],
  ['west', 37],
  ['upland', 21],
  ['lowland', 28],
  ['harbour', 15],
  ['island', 34],
] as const;

/** So many services; from the ninth on, names come again with a number. */
export function demoServices(count: number): DemoService[] {
  return Array.from({ length: Math.ceil(count / paces.length) }, (_, round) =>
    paces.map(([place, seconds]) => demoService(round === 0 ? place : `${place}${round + 1}`, seconds)),
  )
    .flat()
    .slice(0, count);
}

function demoService(name: string, seconds: number): DemoService {
  return { name, domain: `${name}.example`, seconds };
}

const withId = <K extends string>(field: K, object: string) =>
  z.object({ [field]: z.object({ [object]: z.object({ id: z.string() }) }) });

async function create(
  client: GraphqlClient,
  field: string,
  object: string,
  type: string,
  input: object,
): Promise<string> {
  const data = await client.request(
    withId(field, object),
    `mutation Create($input: ${type}!) { ${field}(input: $input) { ${object} { id } } }`,
    { input },
  );
  const id = data[field]?.[object]?.id;
  if (id === undefined) throw new Error(`${field} gave no id`);
  return id;
}

export function createWorkspace(client: GraphqlClient): Promise<string> {
  return create(client, 'createWorkspace', 'workspace', 'CreateWorkspaceInput', { name: 'Demo' });
}

const createdService = z.object({ createEmailService: z.object({ webhookPath: z.string() }) });

/**
 * @param intervalMs the interval it gets, in milliseconds
 * @returns the path its provider is to post to
 */
export async function createService(
  client: GraphqlClient,
  { name, domain }: DemoService,
  intervalMs: number,
  baseUrl: string,
): Promise<string> {
  const credentials = { apiUser: name, apiKey: apiKeyOf(name) };
  const { createEmailService } = await client.request(
    createdService,
    'mutation Create($input: CreateEmailServiceInput!) { createEmailService(input: $input) { webhookPath } }',
    { input: { name, provider: 'engagelab', domain, baseUrl, intervalMs, credentials } },
  );
  return createEmailService.webhookPath;
}

/** As the simulator knows it. */
export const apiKeyOf = (name: string) => `key of ${name}`;

export async function addContacts(
  client: GraphqlClient,
  workspaceId: string,
  contacts: ContactInput[],
): Promise<number> {
  const { addContacts } = await client.request(
    z.object({ addContacts: z.object({ count: z.number() }) }),
    'mutation Add($input: AddContactsInput!) { addContacts(input: $input) { count } }',
    { input: { workspaceId, contacts } },
  );
  return addContacts.count;
}

/** A Task for every Contact of the workspace, with a sender and a template of its own. */
export async function createTask(client: GraphqlClient, workspaceId: string): Promise<string> {
  const senderId = await create(client, 'createSender', 'sender', 'CreateSenderInput', {
    workspaceId,
    name: 'news',
    displayName: 'Product news',
  });
  const templateId = await create(client, 'createTemplate', 'template', 'CreateTemplateInput', {
    workspaceId,
    name: sampleTemplate.name,
    subject: sampleTemplate.subject,
    html: sampleTemplate.html,
  });
  return create(client, 'createTask', 'task', 'CreateTaskInput', {
    workspaceId,
    name: 'Demo',
    senderId,
    templateIds: [templateId],
  });
}

export async function scheduleTask(client: GraphqlClient, taskId: string): Promise<void> {
  await client.request(
    z.object({ scheduleTask: z.object({ task: z.object({ status: z.string() }) }) }),
    'mutation Go($taskId: UUID!) { scheduleTask(input: { taskId: $taskId }) { task { status } } }',
    { taskId },
  );
}
