// Promise: every fault can be ordered, is played as it would happen on the wire, and is told truthfully in the record.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../src/providers/provider.ts';
import { SimulatorClient } from '../../src/simulator/client.ts';
import { FAULTS, type FaultKind } from '../../src/simulator/options.ts';
import { aMail, aSimulator, CREDENTIALS, senderFor, TIMEOUT_MS } from './support.ts';

/** What the driver makes of each fault, what the record says, and the status answered. */
const PLAYED: Record<FaultKind, [Outcome['kind'], string, number | null]> = {
  too_many: ['deferred', 'refused', 429],
  unavailable: ['deferred', 'refused', 503],
  server_error: ['unknown', 'refused', 500],
  unauthorized: ['unusable', 'refused', 401],
  no_balance: ['unusable', 'refused', 400],
  refused: ['refused', 'refused', 400],
  hang: ['unknown', 'unanswered', null],
  reset: ['unknown', 'unanswered', null],
  accept_hang: ['unknown', 'accepted', null],
  accept_reset: ['unknown', 'accepted', null],
  accept_error: ['unknown', 'accepted', 502],
  accept_garbage: ['unknown', 'accepted', 200],
};

for (const fault of FAULTS) {
  const [kind, outcome, status] = PLAYED[fault];
  test(`${fault}: the driver says ${kind}, the record ${outcome}`, async (t) => {
    const simulator = await aSimulator(t, { faults: { next: [{ kind: fault, count: 1 }] } });
    const sender = senderFor(t, simulator.url);
    const mail = aMail();
    assert.equal((await sender.send(mail, status === null ? 100 : TIMEOUT_MS)).kind, kind);
    assert.partialDeepStrictEqual(simulator.record.get(0), { outcome, status, fault });
    assert.equal((await sender.send(mail, TIMEOUT_MS)).kind, 'accepted');
    assert.equal(simulator.record.get(1).outcome, outcome === 'accepted' ? 'repeat' : 'accepted');
  });
}

test('a fault may be for one account, or for its next requests', async (t) => {
  const accounts = { user: 'key-of-user', other: 'other-key' };
  const simulator = await aSimulator(t, {
    accounts,
    faults: { next: [{ kind: 'too_many', count: 1, apiUser: 'other' }] },
  });
  const user = senderFor(t, simulator.url);
  const other = senderFor(t, simulator.url, { credentials: { apiUser: 'other', apiKey: 'other-key' } });
  assert.equal((await user.send(aMail(), TIMEOUT_MS)).kind, 'accepted');
  assert.equal((await other.send(aMail(), TIMEOUT_MS)).kind, 'deferred');
  assert.equal((await other.send(aMail(), TIMEOUT_MS)).kind, 'accepted');
  await new SimulatorClient(simulator.url).setFaults({ accounts: { user: 'no_balance' } });
  assert.equal((await user.send(aMail(), TIMEOUT_MS)).kind, 'unusable');
  assert.equal((await other.send(aMail(), TIMEOUT_MS)).kind, 'accepted');
});

test('a fault may be for one recipient', async (t) => {
  const simulator = await aSimulator(t, {
    faults: { next: [{ kind: 'refused', count: 1, recipient: 'second@example.com' }] },
  });
  const sender = senderFor(t, simulator.url);
  const kindTo = async (name: string) => (await sender.send(aMail({ to: `${name}@example.com` }), TIMEOUT_MS)).kind;
  assert.equal(await kindTo('first'), 'accepted');
  assert.equal(await kindTo('second'), 'refused');
  assert.equal(await kindTo('second'), 'accepted');
});

test('shares repeat with the seed, and a repeat of a request is drawn anew', async (t) => {
  const run = async (seed: number) => {
    const simulator = await aSimulator(t, { seed, faults: { shares: { too_many: 0.3, server_error: 0.2 } } });
    const sender = senderFor(t, simulator.url);
    for (let i = 0; i < 60; i++) await sender.send(aMail({ to: `u${i}@example.org` }), TIMEOUT_MS);
    return [...simulator.record.entries()].map((entry) => entry.fault);
  };
  const first = await run(1);
  assert.deepEqual(await run(1), first);
  assert.notDeepEqual(await run(2), first);
  const faulty = first.filter((fault) => fault !== null).length;
  assert.ok(faulty > 15 && faulty < 45, `${faulty} of 60 faulty`);
});

test('a request that always draws the same fault would never pass; it passes', async (t) => {
  const simulator = await aSimulator(t, { faults: { shares: { server_error: 0.5 } } });
  const sender = senderFor(t, simulator.url);
  const mail = aMail();
  for (let i = 0; i < 100; i++) if ((await sender.send(mail, TIMEOUT_MS)).kind === 'accepted') return;
  assert.fail('never accepted');
});

test('Retry-After can be set and left out', async (t) => {
  const simulator = await aSimulator(t, { faults: { accounts: { user: 'too_many' }, retryAfterSeconds: 7 } });
  const sender = senderFor(t, simulator.url);
  assert.partialDeepStrictEqual(await sender.send(aMail(), TIMEOUT_MS), { retryAfterMs: 7_000 });
  simulator.setFaults({ accounts: { user: 'too_many' }, retryAfterSeconds: null });
  assert.partialDeepStrictEqual(await sender.send(aMail(), TIMEOUT_MS), { retryAfterMs: null });
  simulator.setFaults({});
  assert.equal((await sender.send(aMail(), TIMEOUT_MS)).kind, 'accepted');
});

test('a request whose sender goes away halfway is recorded as aborted', async (t) => {
  const simulator = await aSimulator(t);
  const abort = new AbortController();
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"from":')),
  });
  const headers = { authorization: `Basic ${btoa(`${CREDENTIALS.apiUser}:${CREDENTIALS.apiKey}`)}` };
  const init = { method: 'POST', body, headers, duplex: 'half' as const, signal: abort.signal };
  const sending = fetch(`${simulator.url}/v1/mail/send`, init).catch(() => null);
  await simulator.record.arrived(1);
  abort.abort();
  await simulator.record.settled(1);
  assert.equal(simulator.record.get(0).outcome, 'aborted');
  await sending;
});
