// Promise: what a service did, and the closed hours, can be read over GraphQL, in bounded lists.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { suite, test } from 'node:test';
import { at, startTestServer } from '../server/support.ts';
import { aService } from '../support/scene.ts';

suite('statistics over GraphQL', async () => {
  const { pool, data, graphql } = await startTestServer();
  const serviceId = await aService(pool);
  const taskId = randomUUID();
  // Three closed hours of the service, one of them more than a day ago, and one of another's.
  await pool.query(
    `insert into app_public.hourly_statistics
       (hour, task_id, service_id, lane, sent, delivered, soft_bounced, hard_bounced, bounced, failed, round_trip_ms_sum, round_trip_count)
     select rolled_until - make_interval(hours => hours), $1::uuid, service_id, '', 8, 6, 1, 1, 2, 2, 400, 8
       from app_hidden.roll_up_progress
      cross join (values (1, $2::uuid), (24, $2), (25, $2), (1, gen_random_uuid())) as lines (hours, service_id)`,
    [taskId, serviceId],
  );

  const ofService = `query ($id: UUID!, $days: Int!) { emailService(id: $id) {
    statistics(days: $days) { sent delivered failed opened successRate meanRoundTripMs } } }`;

  test('a service, over days', async () => {
    assert.deepEqual(at(await data(ofService, { id: serviceId, days: 1 }), 'emailService.statistics'), {
      sent: 16,
      delivered: 12,
      failed: 4,
      opened: 0,
      successRate: 0.6,
      meanRoundTripMs: 50,
    });
    assert.equal(at(await data(ofService, { id: serviceId, days: 2 }), 'emailService.statistics.sent'), 24);
  });

  test('a service that did nothing', async () => {
    const idle = await aService(pool);
    const found = at(await data(ofService, { id: idle, days: 1 }), 'emailService.statistics');
    assert.equal(at(found, 'sent'), 0);
    assert.equal(at(found, 'successRate'), null);
  });

  test('too many days are refused, naming the field', async () => {
    const { errors } = await graphql(ofService, { id: serviceId, days: 367 });
    assert.deepEqual([errors?.[0]?.extensions?.code, errors?.[0]?.extensions?.field], ['BADIN', 'days']);
  });

  const hours = `query ($since: Datetime!, $until: Datetime!, $taskId: UUID, $serviceId: UUID, $first: Int) {
    hourlyStatisticsBetween(since: $since, until: $until, taskId: $taskId, serviceId: $serviceId, first: $first) {
      nodes { hour sent lane } } }`;
  const ever = { since: '2000-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z' };
  const count = async (variables: object) => {
    const nodes = at(await data(hours, { ...ever, ...variables }), 'hourlyStatisticsBetween.nodes');
    return Array.isArray(nodes) ? nodes.length : -1;
  };

  test('hours of a Task, of a service, of a period', async () => {
    assert.equal(await count({ taskId }), 4);
    assert.equal(await count({ serviceId }), 3);
    assert.equal(await count({ taskId: randomUUID() }), 0);
    assert.equal(await count({ until: '2000-01-02T00:00:00Z' }), 0);
    assert.equal(await count({ first: 2 }), 2);
    const { errors } = await graphql(hours, { ...ever, first: 1_001 });
    assert.equal(errors?.[0]?.extensions?.field, 'first');
  });
});
