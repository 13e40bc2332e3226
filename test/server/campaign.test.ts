// Promise: everything a campaign needs can be made over GraphQL, and read back.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { one } from '../support/scene.ts';
import * as operations from './operations.ts';
import { at, startTestServer, type TestServer, textAt } from './support.ts';

async function aWorkspace({ data }: TestServer): Promise<string> {
  return textAt(await data(operations.createWorkspace, { name: 'Acme' }), 'createWorkspace.workspace.id');
}

suite('over GraphQL', async () => {
  const server = await startTestServer({ DEFAULT_SENDER_NAME: 'hello', QUEUE_INTERVAL_SECONDS: '2.5' });
  const { data, pool } = server;

  test('from an empty database to a scheduled task', async () => {
    const workspaceId = await aWorkspace(server);
    const sender = at(await data(operations.createSender, { workspaceId, displayName: 'Acme' }), 'createSender.sender');
    assert.equal(at(sender, 'name'), 'hello', 'the configured name is the default');
    const template = { workspaceId, name: 'news', subject: 'Hi {{ contact.name }}', html: '<p>Hi</p>' };
    const templateId = textAt(await data(operations.createTemplate, { input: template }), 'createTemplate.template.id');
    const contacts = [
      { email: 'Ada@Example.com', name: 'Ada', tags: ['vip'], attributes: { plan: 'pro' } },
      { email: 'bob@example.com' },
    ];
    assert.deepEqual(await data(operations.addContacts, { workspaceId, contacts }), { addContacts: { count: 2 } });
    const service = await data(operations.createEmailService, { input: operations.aService });
    const { id: _, ...created } = Object(at(service, 'createEmailService.emailService'));
    assert.deepEqual(created, {
      name: 'service',
      intervalMs: 2500,
      timeoutMs: 15_000,
      leaseMs: 30_000,
      timezone: 'UTC',
      isShared: true,
      thawsAt: null,
    });

    const task = { workspaceId, name: 'launch', senderId: textAt(sender, 'id'), templateIds: [templateId] };
    const taskId = textAt(await data(operations.createTask, { input: task }), 'createTask.task.id');
    const scheduled = await data(operations.scheduleTask, { taskId });
    assert.equal(at(scheduled, 'scheduleTask.task.status'), 'scheduled');
    const key = await one(pool, `select key from graphile_worker.jobs where task_identifier = 'generate_sub_tasks'`);
    assert.equal(key, `generate:${taskId}`);

    assert.deepEqual(
      await data(
        `query ($id: UUID!) { task(id: $id) {
        name workspace { name contacts(orderBy: EMAIL_ASC) { totalCount nodes { email tags status } } } sender { displayName }
        taskTemplates { nodes { weight template { name } } } statistics { total states { pending } funnel { sent } } statisticsDrift
        subTasks(filter: { status: pending }) { nodes { status events { totalCount } } }
      } }`,
        { id: taskId },
      ),
      {
        task: {
          name: 'launch',
          workspace: {
            name: 'Acme',
            contacts: {
              totalCount: 2,
              nodes: [
                { email: 'ada@example.com', tags: ['vip'], status: 'active' },
                { email: 'bob@example.com', tags: [], status: 'active' },
              ],
            },
          },
          sender: { displayName: 'Acme' },
          taskTemplates: { nodes: [{ weight: 1, template: { name: 'news' } }] },
          statistics: { total: 0, states: { pending: 0 }, funnel: { sent: 0 } },
          statisticsDrift: 0,
          subTasks: { nodes: [] },
        },
      },
    );
  });

  test('rows are updated and deleted by their id', async () => {
    const workspaceId = await aWorkspace(server);
    const made = await data(
      `mutation ($w: UUID!) { createContact(input: { workspaceId: $w, email: "c@example.com" }) { contact { id } } }`,
      { w: workspaceId },
    );
    const id = textAt(made, 'createContact.contact.id');
    const updated = await data(
      'mutation ($id: UUID!) { updateContact(input: { id: $id, patch: { name: "C" } }) { contact { name email } } }',
      { id },
    );
    assert.deepEqual(updated, { updateContact: { contact: { name: 'C', email: 'c@example.com' } } });
    const deleted = await data(
      'mutation ($id: UUID!) { deleteContact(input: { contactId: $id }) { contact { id } } }',
      {
        id,
      },
    );
    assert.deepEqual(deleted, { deleteContact: { contact: { id } } });
    assert.deepEqual(await data('query ($id: UUID!) { contact(id: $id) { id } }', { id }), { contact: null });
  });

  test('a service that is switched over is answered with what only some may read of it', async () => {
    const created = await data(operations.createEmailService, { input: { ...operations.aService, name: 'switched' } });
    const id = textAt(created, 'createEmailService.emailService.id');
    const answer = await data(
      `mutation ($id: UUID!) {
      setEmailServiceEnabled(input: { emailServiceId: $id, isEnabled: false }) { emailService { isEnabled thawsAt } }
    }`,
      { id },
    );
    assert.deepEqual(answer, { setEmailServiceEnabled: { emailService: { isEnabled: false, thawsAt: null } } });
  });

  test('a list is bounded, whether or not a number is given', async () => {
    const workspaceId = await aWorkspace(server);
    const contacts = Array.from({ length: 150 }, (_, number) => ({ email: `p${number}@example.com` }));
    await data(operations.addContacts, { workspaceId, contacts });
    const list = 'query ($w: UUID!, $n: Int) { workspace(id: $w) { contacts(first: $n) { nodes { id } } } }';
    const count = async (n?: number | null) =>
      Object(at(await data(list, { w: workspaceId, n }), 'workspace.contacts.nodes')).length;
    assert.equal(await count(), 100);
    assert.equal(await count(null), 100);
    assert.equal(await count(120), 120);
    const tooMany = await server.graphql(list, { w: workspaceId, n: 1001 });
    assert.deepEqual(tooMany.errors?.[0]?.extensions, { code: 'BADIN', field: 'first' });
  });
});
