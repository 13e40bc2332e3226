// Promise: what goes wrong is one open alert a rule and subject, told to those whose it is, until it is resolved.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { z } from 'zod';
import { at, startTestServer } from '../server/support.ts';
import { aWorkspace, one } from '../support/scene.ts';
import { acknowledgeAlert, alerts, openAlerts } from './operations.ts';
import { subscribe } from './subscriber.ts';
import { announce } from './support.ts';

const message = z.object({
  sequence: z.number(),
  openCount: z.number(),
  alerts: z.array(
    z.object({
      id: z.string(),
      rule: z.string(),
      subject: z.string(),
      severity: z.string(),
      times: z.number(),
      acknowledgedAt: z.string().nullable(),
    }),
  ),
});

suite('alerts', async () => {
  const place = await startTestServer();
  const { pool, data, graphql } = place;
  const raise = (subject: string, severity = 'warning', workspaceId: string | null = null) =>
    one<string>(pool, `select app_private.raise_alert('a_rule', $1, $2, 'Something happened.', '{}', $3)`, [
      subject,
      severity,
      workspaceId,
    ]);
  const resolve = (subject: string) => one<boolean>(pool, `select app_private.resolve_alert('a_rule', $1)`, [subject]);

  test('opened, found again, acknowledged, resolved: each is told', async () => {
    const workspaceId = await aWorkspace(pool);
    await using heard = subscribe(place, alerts);
    const next = async () => message.parse(await heard.next('data.alerts'));
    assert.deepEqual((await next()).alerts, []);
    const id = await raise('one', 'warning', workspaceId);
    await announce(pool);
    const opened = await next();
    assert.deepEqual(opened.alerts[0], {
      id,
      rule: 'a_rule',
      subject: 'one',
      severity: 'warning',
      times: 1,
      acknowledgedAt: null,
    });

    assert.equal(await raise('one', 'critical', workspaceId), id, 'no second alert');
    assert.equal(await raise('one', 'critical', workspaceId), id);
    await announce(pool);
    const again = await next();
    assert.deepEqual([again.openCount, again.alerts[0]?.times, again.alerts[0]?.severity], [1, 3, 'critical']);
    assert.equal(again.sequence, opened.sequence + 1, 'two changes, one announcement');
    assert.deepEqual(
      again,
      message.parse(at(await data(openAlerts), 'openAlerts')),
      'the snapshot has the same number',
    );

    await data(acknowledgeAlert, { alertId: id });
    await announce(pool);
    const acknowledged = await next();
    assert.ok(acknowledged.alerts[0]?.acknowledgedAt);
    const first = at(await data(acknowledgeAlert, { alertId: id }), 'acknowledgeAlert.alert.acknowledgedAt');
    assert.equal(first, acknowledged.alerts[0]?.acknowledgedAt, 'who said so first stays');

    assert.equal(await resolve('one'), true);
    assert.equal(await resolve('one'), false);
    await announce(pool);
    assert.deepEqual((await next()).alerts, []);
    assert.notEqual(await raise('one'), id, 'what comes back is a new alert');
    await resolve('one');
  });

  test('the gravest come first', async () => {
    await raise('info', 'info');
    await raise('critical', 'critical');
    await raise('warning');
    const { alerts } = message.parse(at(await data(openAlerts), 'openAlerts'));
    assert.deepEqual(
      alerts.map(({ subject }) => subject),
      ['critical', 'warning', 'info'],
    );
  });

  test('an unknown alert is a clear error', async () => {
    const alertId = '00000000-0000-0000-0000-000000000000';
    const { errors } = await graphql(acknowledgeAlert, { alertId });
    assert.equal(errors?.[0]?.message, `alertId: there is no alert ${alertId}`);
  });
});
