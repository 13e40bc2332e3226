// Promise: a refused request says why by code, field and safe message; an unforeseen error says nothing but where to look in the log.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { projectDir } from '../../src/database/server.ts';
import { statusOf } from '../../src/server/errors.ts';
import { aDraft, aWorkspace } from '../support/scene.ts';
import * as operations from './operations.ts';
import { startTestServer } from './support.ts';

const nobody = '00000000-0000-0000-0000-000000000000';

suite('errors', async () => {
  const { graphql, data, pool, logged, server, authorization } = await startTestServer();

  const refusal = async (query: string, variables: object = {}) => {
    const { errors } = await graphql(query, variables);
    assert.equal(errors?.length, 1, JSON.stringify(errors));
    return { message: errors[0]?.message, ...errors[0]?.extensions };
  };

  test('NTFND, raised by a function, names its field', async () => {
    assert.deepEqual(await refusal(operations.scheduleTask, { taskId: nobody }), {
      message: `taskId: there is no task ${nobody}`,
      code: 'NTFND',
      field: 'taskId',
    });
  });

  test('BADIN, raised by a function, names its field', async () => {
    const workspaceId = await aWorkspace(pool);
    const contacts = [{ email: 'a@example.com' }, { email: 'nobody' }];
    const refused = await refusal(operations.addContacts, { workspaceId, contacts });
    assert.deepEqual(refused, {
      message: 'contacts[1].email: "nobody" is not an address',
      code: 'BADIN',
      field: 'contacts[1].email',
    });
  });

  test('TRANS names its field', async () => {
    const { taskId } = await aDraft(pool);
    const refused = await refusal('mutation ($id: UUID!) { pauseTask(input: { taskId: $id }) { onTheWay } }', {
      id: taskId,
    });
    assert.deepEqual(refused, {
      message: 'taskId: a task can not go from draft to paused',
      code: 'TRANS',
      field: 'taskId',
    });
  });

  test('a unique key is explained without the values of others', async () => {
    await data(operations.createEmailService, { input: operations.aService });
    assert.deepEqual(await refusal(operations.createEmailService, { input: operations.aService }), {
      message: 'name: there is one with this value already',
      code: 'BADIN',
      field: 'name',
    });
  });

  test('a key of several columns is explained by the last', async () => {
    const workspaceId = await aWorkspace(pool);
    const creation = 'mutation ($input: CreateContactInput!) { createContact(input: $input) { contact { id } } }';
    const input = { workspaceId, email: 'twice@example.com' };
    await data(creation, { input });
    assert.equal((await refusal(creation, { input })).field, 'email');
  });

  test('a check is explained by its column', async () => {
    const input = { ...operations.aService, name: 'other', maxInFlight: 0 };
    assert.deepEqual(await refusal(operations.createEmailService, { input }), {
      message: 'maxInFlight: this value is not allowed',
      code: 'BADIN',
      field: 'maxInFlight',
    });
  });

  test('a check of several columns is explained by the one to mend, and by no name of ours', async () => {
    const workspaceId = await aWorkspace(pool);
    const { taskId } = await aDraft(pool);
    const update = 'mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { task { id } } }';
    assert.equal((await refusal(update, { input: { taskId, windowDays: [1, 2] } })).field, 'windowDays');
    assert.equal((await refusal(update, { input: { taskId, windowStart: '09:00' } })).field, 'windowDays');
    const sender = { workspaceId, name: 'a b' };
    const creation = 'mutation ($input: CreateSenderInput!) { createSender(input: $input) { sender { id } } }';
    assert.deepEqual(await refusal(creation, { input: sender }), {
      message: 'name: this value is not allowed',
      code: 'BADIN',
      field: 'name',
    });
  });

  test('who changes nothing is told so, as who deletes nothing', async () => {
    const update =
      'mutation ($id: UUID!) { updateContact(input: { id: $id, patch: { name: "x" } }) { contact { id } } }';
    assert.deepEqual(await refusal(update, { id: nobody }), {
      message: 'there is nothing like that which you may change',
      code: 'NTFND',
    });
  });

  test('a reference to nothing, and the deletion of what is in use', async () => {
    const stranger = { workspaceId: nobody, name: 'n', subject: 's', html: 'h' };
    assert.deepEqual(await refusal(operations.createTemplate, { input: stranger }), {
      message: 'workspaceId: it does not exist',
      code: 'BADIN',
      field: 'workspaceId',
    });
    const { taskId } = await aDraft(pool);
    const { rows } = await pool.query('select sender_id from app_public.tasks where id = $1', [taskId]);
    const removal = 'mutation ($id: UUID!) { deleteSender(input: { senderId: $id }) { sender { id } } }';
    assert.deepEqual(await refusal(removal, { id: rows[0]?.sender_id }), {
      message: 'senderId: the task "a task" sends in its name',
      code: 'BADIN',
      field: 'senderId',
    });
  });

  test('a text that PostgreSQL can not hold', async () => {
    const refused = await refusal(operations.createWorkspace, { name: 'a\0b' });
    assert.equal(refused.code, 'BADIN');
  });

  test('an unforeseen error is masked, and logged under the id the client was given', async () => {
    await pool.query(`alter function app_public.add_contacts(uuid, jsonb) rename to hidden_away`);
    const refused = await refusal(operations.addContacts, { workspaceId: nobody, contacts: [] });
    await pool.query(`alter function app_public.hidden_away(uuid, jsonb) rename to add_contacts`);
    assert.equal(refused.message, 'internal error');
    assert.equal(refused.code, 'INTNL');
    const line = logged()
      .split('\n')
      .find((line) => line.includes(refused.id ?? 'no id'));
    assert.match(line ?? '', /add_contacts/);
  });

  test('a request that is too large is refused over HTTP', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: await authorization() },
      body: Buffer.alloc(16_000_001, ' '),
    });
    assert.equal(response.status, 413);
    assert.match(await response.text(), /Too much data/);
  });

  test('docs/errors.md has every code', async () => {
    const table = await readFile(join(projectDir, 'docs', 'errors.md'), 'utf8');
    for (const [code, status] of Object.entries(statusOf))
      assert.match(table, new RegExp(`\\| \`${code}\` \\| ${status} \\|`));
  });
});
