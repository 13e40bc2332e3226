// Promise: who may not see a subject is refused, and who may not see it any more is told so at its next change, and no more.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { applyEvents } from '../../src/database/events/apply_events.ts';
import { aMember } from '../access/scene.ts';
import { aUser } from '../access/support.ts';
import { anEventWorld } from '../events/world.ts';
import { anEvent, softBounceLimit } from '../queue/model/words.ts';
import { taskProgress } from '../server/operations.ts';
import { at } from '../server/support.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { aQueuedTask, aService, aWorkspace } from '../support/scene.ts';
import { type AnApi, anApi } from './an_api.ts';
import { alerts, events, serviceStatus } from './operations.ts';
import { announce } from './support.ts';

const member = (userId: string) => ({ role: 'postilion_user', 'postilion.user_id': userId });

suite('rights of subscribers', () => {
  let db: TestDatabase;
  let api: AnApi;
  before(async () => {
    db = await createTestDatabase();
    api = await anApi(db.url);
  });
  after(async () => {
    await api.close();
    await db.close();
  });
  const codeOf = (answer: unknown) => at(answer, 'errors.0.extensions.code');

  test('nobody listens anonymously', async () => {
    const { taskId } = await aQueuedTask(db.pool);
    for (const [query, variables] of [
      [taskProgress, { taskId }],
      [serviceStatus, {}],
      [alerts, {}],
    ] as const) {
      await using heard = await api.subscribe({ role: 'postilion_visitor' }, query, variables);
      assert.equal(codeOf(await heard.next()), 'AUTHN');
    }
  });

  test('a stranger is told what somebody with a wrong id is told', async () => {
    const { taskId, workspaceId } = await aQueuedTask(db.pool);
    const stranger = member(await aUser(db.pool));
    await using progress = await api.subscribe(stranger, taskProgress, { taskId });
    assert.equal(at(await progress.next(), 'errors.0.message'), `taskId: there is no task ${taskId}`);
    await using told = await api.subscribe(stranger, events, { workspaceId });
    assert.equal(at(await told.next(), 'errors.0.message'), `workspaceId: there is no workspace ${workspaceId}`);
  });

  test('a member who is removed hears of the next change that there is no such Task, and nothing else', async () => {
    const { taskId, workspaceId } = await aQueuedTask(db.pool);
    const userId = await aMember(db.pool, workspaceId, 'viewer');
    await using heard = await api.subscribe(member(userId), taskProgress, { taskId });
    assert.equal(at(await heard.next(), 'data.taskProgress.task.status'), 'queued');
    await db.pool.query('delete from app_public.memberships where user_id = $1', [userId]);
    await db.pool.query('select app_public.pause_task($1)', [taskId]);
    assert.equal(codeOf(await heard.next()), 'NTFND');
    assert.equal(await heard.next(), null, 'it is over');
  });

  test('a user who is disabled hears no more', async () => {
    const { workspaceId, mails } = await anEventWorld(db.pool);
    const userId = await aMember(db.pool, workspaceId, 'viewer');
    await using heard = await api.subscribe(member(userId), events, { workspaceId });
    assert.deepEqual(at(await heard.next(), 'data.events.events'), []);
    await db.pool.query('update app_public.users set is_disabled = true where id = $1', [userId]);
    await applyEvents(db.pool, [anEvent(mails[0]?.id ?? '', 'delivered')], softBounceLimit);
    await announce(db.pool);
    assert.equal(codeOf(await heard.next()), 'NTFND');
  });

  test('alerts are told to those whose they are', async () => {
    const [mine, others] = [await aWorkspace(db.pool), await aWorkspace(db.pool)];
    const userId = await aMember(db.pool, mine, 'viewer');
    await using heard = await api.subscribe(member(userId), alerts);
    assert.equal(at(await heard.next(), 'data.alerts.openCount'), 0);
    const raise = (subject: string, workspaceId: string | null) =>
      db.pool.query(`select app_private.raise_alert('a_rule', $1, 'warning', 'Something happened.', '{}', $2)`, [
        subject,
        workspaceId,
      ]);
    await raise('of others', others);
    await raise('of the installation', null);
    await announce(db.pool);
    await raise('of mine', mine);
    await announce(db.pool);
    const told = await heard.next();
    assert.equal(at(told, 'data.alerts.openCount'), 1);
    assert.equal(at(told, 'data.alerts.alerts.0.subject'), 'of mine');
    assert.equal(at(told, 'data.alerts.sequence'), 1, 'what others were told does not show');
  });

  test('a member sees the services of their workspaces, and how much they send where nobody else does', async () => {
    const mine = await aWorkspace(db.pool);
    const own = await aService(db.pool, { name: 'a own', isShared: false });
    await aService(db.pool, { name: 'of others', isShared: false });
    await aService(db.pool, { name: 'b shared', isShared: true });
    await db.pool.query('insert into app_public.email_service_grants values ($1, $2)', [own, mine]);
    await using heard = await api.subscribe(member(await aMember(db.pool, mine, 'viewer')), serviceStatus);
    const services = at(await heard.next(), 'data.serviceStatus.services');
    assert.ok(Array.isArray(services));
    const seen = services.map((service) => [
      at(service, 'service.name'),
      at(service, 'usedQuota'),
      at(service, 'handOvers'),
    ]);
    assert.deepEqual(
      seen.filter(([name]) => /^(a own|b shared|of others)$/.test(String(name))),
      [
        ['a own', 0, []],
        ['b shared', null, null],
      ],
    );
  });
});
