// Promise: a service that a person must see to raises an alert, and resolves it by sending again.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { reportUnusableService } from '../../src/database/alerts/report_unusable_service.ts';
import { resolveServiceAlerts } from '../../src/database/alerts/resolve_service_alerts.ts';
import { aScheduledTask, services, simulatorFor, states, supervisorOn } from '../support/campaign.ts';
import { createTestDatabase, withTransaction } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { aService, clockForward, one } from '../support/scene.ts';

interface Found {
  subject: string;
  severity: string;
  reason: string;
  message: string;
  isOpen: boolean;
}

suite('a service that can not be used', async () => {
  const alertsOf = async (db: Parameters<typeof one>[0]) =>
    one<Found[]>(
      db,
      `select coalesce(json_agg(json_build_object('subject', subject, 'severity', severity, 'reason', details ->> 'reason', 'message', message,
                'isOpen', resolved_at is null) order by opened_at), '[]') from app_public.alerts`,
    );

  test('its account has no money: an alert, until it sends again', async () => {
    const { url, pool, close } = await createTestDatabase();
    const simulator = await simulatorFor(['north'], { faults: { next: [{ kind: 'no_balance', count: 1 }] } });
    const supervisor = supervisorOn(url);
    try {
      const { north } = await services(pool, simulator, { north: 20 });
      await supervisor.ready;
      const taskId = await aScheduledTask(pool, 2);
      const [alert] = await eventually(
        () => alertsOf(pool),
        (found) => found.length > 0,
      );
      assert.deepEqual(alert, {
        subject: north,
        severity: 'critical',
        reason: 'balance',
        message: 'north can not send (balance): Sorry, your account balance is not enough',
        isOpen: true,
      });
      await eventually(
        () => states(pool, taskId),
        ({ sent }) => sent === 2,
      );
      const after = await eventually(
        () => alertsOf(pool),
        (found) => found.every(({ isOpen }) => !isOpen),
      );
      assert.equal(after.length, 1);
    } finally {
      await supervisor.stop();
      await simulator.close();
      await close();
    }
  });

  test('what passes by itself is no alert; what was reported a moment ago is not resolved', async () => {
    const { pool, close } = await createTestDatabase();
    try {
      await withTransaction(pool, async (db) => {
        const id = await aService(db);
        for (const reason of ['unreachable', 'quota'] as const) await reportUnusableService(db, id, reason, 'Away.');
        assert.deepEqual(await alertsOf(db), []);
        await reportUnusableService(db, id, 'authentication', 'The key is wrong.');
        assert.equal(await resolveServiceAlerts(db), 0);
        await db.query(`update app_public.email_services set freeze_reason = 'The key is wrong.' where id = $1`, [id]);
        await clockForward(db, '11 s');
        assert.equal(await resolveServiceAlerts(db), 0, 'it is frozen');
        await db.query('update app_public.email_services set freeze_reason = null where id = $1', [id]);
        assert.equal(await resolveServiceAlerts(db), 1);
      });
    } finally {
      await close();
    }
  });
});
