// Promise: a process stopped anywhere between its last look at its lease and the wire writes nothing when it wakes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '../../src/log.ts';
import type { Outcome } from '../../src/providers/provider.ts';
import { Lease } from '../../src/worker/lease.ts';
import { sendMail } from '../../src/worker/send_mail.ts';
import { aMail } from '../simulator/support.ts';

const timeoutMs = 1_000;
const leaseMs = 16_000;

test("the provider's time runs from the look at the lease", async (t) => {
  // Whoever looks at the clock is stopped right after it, for a second.
  let clock = 0;
  t.mock.method(performance, 'now', () => {
    const now = clock;
    clock += 1_000;
    return now;
  });
  const asked: { timeoutMs: number; since: number | undefined }[] = [];
  const mail = aMail();
  const log = createLogger({ LOG_LEVEL: 'fatal' });
  using lease = new Lease({ ids: [mail.subTaskId], since: 0, leaseMs, timeoutMs, extend: async (ids) => ids, log });
  const result = await sendMail(mail, {
    account: {
      ...{ name: 'one', provider: 'engagelab', domain: 'example.com', baseUrl: null, trackingBaseUrl: null },
      ...{ intervalMs: 1_000, maxInFlight: 1, timeoutMs, leaseMs, repeatsAreIdempotent: false, bounceAddress: null },
      sender: {
        send: async (_mail, timeoutMs, since): Promise<Outcome> => {
          asked.push({ timeoutMs, since });
          return { kind: 'accepted', messageId: 'id', response: 'ok' };
        },
        close: async () => {},
      },
    },
    lease,
    beginRepeat: async () => 'never',
    onUnusable: () => {},
    stopping: new AbortController().signal,
  });
  assert.equal(result.kind, 'accepted');
  assert.deepEqual(asked, [{ timeoutMs, since: 0 }]);
});
