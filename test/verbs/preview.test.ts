// Promise: a preview is the mail that would go out, says what speaks against it, and leaves nothing behind.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { at, startTestServer } from '../server/support.ts';
import { aDraft, aService, aWorkspace, one } from '../support/scene.ts';

const previewMail = /* GraphQL */ `
  query ($taskId: UUID, $templateId: UUID, $contactId: UUID, $emailServiceId: UUID) {
    previewMail(taskId: $taskId, templateId: $templateId, contactId: $contactId, emailServiceId: $emailServiceId) {
      subject html text htmlBytes isSample template { id } emailService { id } headers { name value }
      warnings { code message part line }
    }
  }`;

suite('previewMail', async () => {
  const { pool, graphql, data } = await startTestServer({ TRACKING_BASE_URL: 'https://links.example.com' });
  const workspaceId = await aWorkspace(pool);
  await pool.query(
    `insert into app_public.senders (workspace_id, name, display_name, reply_to) values ($1, 'news', 'The news', 'desk@example.com')`,
    [workspaceId],
  );
  const contactId = await one<string>(
    pool,
    `insert into app_public.contacts (workspace_id, email, name, attributes) values ($1, 'reader@example.com', 'Reader', '{"city": "Bergen"}') returning id`,
    [workspaceId],
  );
  const aTemplate = (html: string, subject = 'Hello {{ contact.name }}', text: string | null = 'text') =>
    one<string>(
      pool,
      `insert into app_public.templates (workspace_id, name, subject, html, text) values ($1, 'one', $2, $3, $4) returning id`,
      [workspaceId, subject, html, text],
    );
  const preview = async (variables: object) => at(await data(previewMail, variables), 'previewMail');
  const warnings = async (variables: object) => {
    const found = at(await preview(variables), 'warnings');
    assert.ok(Array.isArray(found));
    return found.map((each) => [at(each, 'code'), at(each, 'part'), at(each, 'line')]);
  };
  const headers = async (variables: object) => {
    const found = at(await preview(variables), 'headers');
    assert.ok(Array.isArray(found));
    return Object.fromEntries(found.map((each) => [String(at(each, 'name')), String(at(each, 'value'))]));
  };

  test('for a contact, with its headers, and nothing is written', async () => {
    const serviceId = await aService(pool, { provider: 'smtp', baseUrl: 'smtp://127.0.0.1:25' });
    const templateId = await aTemplate('<p>{{ contact.city }} <a href="https://example.com/">go</a></p>');
    const before = await one(
      pool,
      'select array[pg_current_wal_insert_lsn()::text, (select count(*) from app_public.sub_task_mails)::text]',
    );
    const shown = await preview({ templateId, contactId, emailServiceId: serviceId });
    assert.partialDeepStrictEqual(shown, {
      subject: 'Hello Reader',
      html: '<p>Bergen <a href="https://example.com/">go</a></p>',
      text: 'text',
      isSample: false,
      template: { id: templateId },
      emailService: { id: serviceId },
      warnings: [],
    });
    const after = await one<string[]>(pool, 'select array[(select count(*) from app_public.sub_task_mails)::text]');
    assert.equal(after[0], Array.isArray(before) ? before[1] : null);
    const told = await headers({ templateId, contactId, emailServiceId: serviceId });
    const domain = `${serviceId.slice(0, 8)}.example`;
    assert.equal(told['From'], `The news <news@${domain}>`);
    assert.equal(told['To'], 'reader@example.com');
    assert.equal(told['Reply-To'], 'desk@example.com');
    assert.match(told['Message-ID'] ?? '', new RegExp(`^<[0-9a-f-]{36}\\.0@${domain}>$`));
    assert.match(told['List-Unsubscribe'] ?? '', /^<https:\/\/links\.example\.com\/api\/tracking\/unsubscribe\//);
    assert.equal(told['List-Unsubscribe-Post'], 'List-Unsubscribe=One-Click');
  });

  test('for nobody: each value names itself', async () => {
    const templateId = await aTemplate('<p>{{ contact.city }}</p>');
    assert.partialDeepStrictEqual(await preview({ templateId }), {
      subject: 'Hello [name]',
      html: '<p>[city]</p>',
      isSample: true,
    });
  });

  test('a Task shows its own template in its own name', async () => {
    const { taskId } = await aDraft(pool, { workspaceId });
    assert.partialDeepStrictEqual(await preview({ taskId }), { subject: 'Hello', html: '<p>Hello</p>' });
    assert.match((await headers({ taskId }))['From'] ?? '', /^news@/);
  });

  test('what speaks against it is said, with its place', async () => {
    const insecure = await aTemplate('<p><a href="http://example.com/">go</a></p>');
    assert.deepEqual(await warnings({ templateId: insecure }), [['INSECURE_LINK', 'html', null]]);
    const unknown = await aTemplate('<p>\n{{ contact.shoe_size }}</p>');
    assert.deepEqual(await warnings({ templateId: unknown }), [['UNKNOWN_VARIABLE', 'html', 2]]);
    const noText = await aTemplate('<p>words</p>', 'Hello', null);
    assert.deepEqual(await warnings({ templateId: noText }), [['NO_PLAIN_TEXT', 'text', null]]);
    const large = await aTemplate(`<p>${'words '.repeat(20_000)}</p>`);
    assert.deepEqual(await warnings({ templateId: large }), [['TOO_LARGE', 'html', null]]);
  });

  test('a mistake names the part as its field, and the line', async () => {
    const fault = async (variables: object) => {
      const { errors } = await graphql(previewMail, variables);
      return [errors?.[0]?.extensions?.code, errors?.[0]?.extensions?.field, errors?.[0]?.message];
    };
    const broken = await aTemplate('<p>\n\n{% if contact.city %}</p>');
    const [code, field, message] = await fault({ templateId: broken });
    assert.deepEqual([code, field], ['BADIN', 'html']);
    assert.match(message ?? '', /html line 3/);
    const lacking = await aTemplate('<p>\n{{ contact.shoe_size }}</p>');
    const [, , lacks] = await fault({ templateId: lacking, contactId });
    assert.match(lacks ?? '', /html line 2.*shoe_size/);
    const foreign = await aDraft(pool);
    const other = await one<string>(pool, 'select id from app_public.contacts where workspace_id = $1 limit 1', [
      foreign.workspaceId,
    ]);
    assert.deepEqual((await fault({ templateId: lacking, contactId: other })).slice(0, 2), ['BADIN', 'contactId']);
    assert.deepEqual((await fault({ templateId: other })).slice(0, 2), ['NTFND', 'templateId']);
    assert.deepEqual((await fault({})).slice(0, 2), ['BADIN', 'templateId']);
  });
});
