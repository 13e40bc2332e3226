// What is true at every moment, whatever happened and in whatever order.
import assert from 'node:assert/strict';
import type { Seen } from './observe.ts';
import type { Scene } from './world.ts';
import { quotas } from './world.ts';

export function assertInvariants(seen: Seen, scene: Scene): void {
  assert.equal(seen.task.drift, 0, 'statistics equal the rows');
  assert.equal(seen.task.total, scene.mails.length, 'total is the sum of the states');
  assert.equal(seen.mails.length, scene.mails.length, 'no recipient is lost');
  // A row is claimed only from pending: in an unbroken ledger no two leases of a row overlap.
  assert.deepEqual(
    seen.ledger,
    { broken: 0, astray: 0, minutes: 0 },
    'the ledger leads to the rows, and minutes tell what it tells',
  );
  for (const service of seen.services) {
    assert.equal(service.inFlight, service.rowsInFlight, 'in_flight equals the rows');
    const quota = service.id === scene.services.rated ? quotas.rated : quotas.paced;
    assert.ok(service.usedQuota <= quota, `used ${service.usedQuota} of ${quota}`);
    assert.ok(service.rowsOfQuota <= service.usedQuota, `${service.rowsOfQuota} rows, used ${service.usedQuota}`);
  }
  const open = seen.mails.filter(({ status }) => ['pending', 'allocated', 'sending'].includes(status));
  assert.ok(seen.task.status !== 'completed' || open.length === 0, 'a completed Task has nothing open');
}
