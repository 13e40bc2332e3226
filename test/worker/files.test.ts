// Promise: a file and a Reply-To that were given over GraphQL are in every mail of the campaign, whichever provider it goes through.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, suite, test } from 'node:test';
import { seal } from '../../src/database/sealed.ts';
import { loadSecret } from '../../src/database/secret.ts';
import { aServer } from '../providers/smtp_support.ts';
import * as operations from '../server/operations.ts';
import { startTestServer, type TestServer, textAt } from '../server/support.ts';
import { everyByte } from '../simulator/support.ts';
import { open, services, simulatorFor, states, supervisorOn, testSecret } from '../support/campaign.ts';
import { eventually } from '../support/eventually.ts';
import { filesOf, partOf, readMime } from '../support/mime.ts';
import { aService, one } from '../support/scene.ts';

const RECIPIENTS = 3;
const REPLY_TO = 'answers@example.com';
const FILES = [
  { name: 'Übersicht.pdf', contentType: 'application/pdf', content: everyByte },
  { name: 'rows.csv', contentType: 'text/csv', content: Buffer.from('a\nb\r\nc\r') },
];

suite('through EngageLab', async () => {
  const simulator = await simulatorFor(['north']);
  after(() => simulator.close());
  const server = await startTestServer();
  await services(server.pool, simulator, { north: 10 });

  test('the provider is given both', async () => {
    await aCampaign(server);
    const entries = [...simulator.record.entries()];
    assert.deepEqual(
      entries.map(({ outcome, replyTo }) => [outcome, replyTo]),
      entries.map(() => ['accepted', REPLY_TO]),
    );
    assert.equal(entries.length, RECIPIENTS);
    for (const { attachments } of entries) assert.deepEqual(attachments, FILES.map(noted));
  });
});

suite('through SMTP', async () => {
  const server = await startTestServer();

  test('the message holds both', async (t) => {
    const { port, taken } = await aServer(t);
    const id = randomUUID();
    const { encryption } = await loadSecret({ POSTILION_SECRET: testSecret }, '');
    const baseUrl = `smtp://127.0.0.1:${port}`;
    await aService(server.pool, { id, provider: 'smtp', baseUrl, intervalMs: 10, sealed: seal(encryption, id, {}) });
    await aCampaign(server);
    assert.equal(taken.length, RECIPIENTS);
    for (const { raw } of taken) {
      const mail = readMime(raw);
      assert.equal(mail.headers['reply-to'], REPLY_TO);
      assert.deepEqual(
        filesOf(mail),
        FILES.map(({ name, contentType: type, content }) => ({ name, type, content })),
      );
      assert.match(partOf(mail, 'text/html').body.toString(), /<p>Hello<\/p>/);
    }
  });
});

/** Made over GraphQL, sent by real workers. Returns when all of it was sent. */
async function aCampaign({ data, pool, url }: TestServer): Promise<void> {
  const workspaceId = await one<string>(pool, 'select id from app_public.workspaces');
  const sender = await data(
    `mutation ($w: UUID!, $r: String!) { createSender(input: { workspaceId: $w, name: "news", replyTo: $r }) { sender { id } } }`,
    { w: workspaceId, r: REPLY_TO },
  );
  const template = { workspaceId, name: 'plain', subject: 'Hello', html: '<p>Hello</p>' };
  const templateId = textAt(await data(operations.createTemplate, { input: template }), 'createTemplate.template.id');
  const contacts = Array.from({ length: RECIPIENTS }, (_, number) => ({ email: `reader${number}@example.com` }));
  await data(operations.addContacts, { workspaceId, contacts });
  const senderId = textAt(sender, 'createSender.sender.id');
  const task = { workspaceId, name: 'with files', senderId, templateIds: [templateId] };
  const taskId = textAt(await data(operations.createTask, { input: task }), 'createTask.task.id');
  for (const { content, ...file } of FILES) {
    await data(operations.addTaskFile, { input: { ...file, taskId, contentBase64: content.toString('base64') } });
  }
  await data(operations.scheduleTask, { taskId });
  const supervisor = supervisorOn(url);
  try {
    await eventually(
      () => open(pool, taskId),
      (rows) => rows === 0,
    );
  } finally {
    await supervisor.stop();
  }
  assert.deepEqual(await states(pool, taskId), { sent: RECIPIENTS });
}

/** As the simulator remembers a file. */
function noted({ name, contentType, content }: (typeof FILES)[number]) {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { filename: name, type: contentType, bytes: content.length, sha256 };
}
