// Promise: every request is remembered as it came, in the order and at the moment of its arrival.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { SimulatorClient } from '../../src/simulator/client.ts';
import { Columns } from '../../src/simulator/columns.ts';
import { type Entry, entrySchema, FATES, OUTCOMES } from '../../src/simulator/entry.ts';
import { FAULTS } from '../../src/simulator/options.ts';
import { aMail, aSimulator, senderFor, TIMEOUT_MS } from './support.ts';

test('an entry says who sent what to whom, and when', async (t) => {
  const simulator = await aSimulator(t);
  const before = performance.now();
  const mail = aMail({ from: { address: 'news@Mail.Example.com', name: 'News' } });
  await senderFor(t, simulator.url).send(mail, TIMEOUT_MS);
  const { arrivedAt, wallAt, answeredAt, ...entry } = simulator.record.get(0);
  assert.deepEqual(entry, {
    seq: 0,
    account: 'user',
    subTaskId: mail.subTaskId,
    requestId: mail.requestId,
    recipient: 'ada@example.org',
    fromDomain: 'mail.example.com',
    campaign: 'task',
    replyTo: null,
    attachments: [],
    outcome: 'accepted',
    status: 200,
    fault: null,
    fate: 'delivered',
  });
  assert.ok(answeredAt !== null && arrivedAt >= before && answeredAt >= arrivedAt && answeredAt <= performance.now());
  assert.ok(Math.abs(wallAt - (performance.timeOrigin + arrivedAt)) < 1_000);
});

test('arrival is when the headers came, however late the body', async (t) => {
  const simulator = await aSimulator(t);
  const { promise: body, resolve: finish } = Promise.withResolvers<Uint8Array>();
  const stream = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(' ')),
    pull: async (controller) => {
      controller.enqueue(await body);
      controller.close();
    },
  });
  const sending = fetch(`${simulator.url}/v1/mail/send`, { method: 'POST', body: stream, duplex: 'half' as const });
  await simulator.record.arrived(1);
  assert.equal(simulator.record.get(0).outcome, 'pending');
  const { arrivedAt } = simulator.record.get(0);
  finish(new TextEncoder().encode('{}'));
  await (await sending).arrayBuffer();
  assert.partialDeepStrictEqual(simulator.record.get(0), { outcome: 'refused', status: 401, arrivedAt });
});

test('the control API streams the record, from any number on, and forgets it on demand', async (t) => {
  const simulator = await aSimulator(t);
  const client = new SimulatorClient(simulator.url);
  const sender = senderFor(t, simulator.url);
  for (let i = 0; i < 3; i++) await sender.send(aMail({ requestId: `r-${i}` }), TIMEOUT_MS);
  assert.deepEqual(await collected(client.record()), [...simulator.record.entries()]);
  assert.deepEqual(
    (await collected(client.record(2))).map((entry) => entry.requestId),
    ['r-2'],
  );
  await client.reset();
  assert.deepEqual(await collected(client.record()), []);
  assert.equal((await client.summary()).requests, 0);
  await sender.send(aMail({ requestId: 'r-0' }), TIMEOUT_MS);
  assert.deepEqual(
    (await collected(client.record())).map(({ seq, outcome }) => [seq, outcome]),
    [[3, 'accepted']],
  );
});

test('the record file has a line for each request', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  t.after(() => rm(folder, { recursive: true }));
  const recordFile = join(folder, 'record.jsonl');
  const simulator = await aSimulator(t, { recordFile });
  const sender = senderFor(t, simulator.url);
  for (let i = 0; i < 3; i++) await sender.send(aMail(), TIMEOUT_MS);
  await simulator.close();
  const lines = (await readFile(recordFile, 'utf8')).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => entrySchema.parse(JSON.parse(line))),
    [...simulator.record.entries()],
  );
});

test('settings can be changed at run time, and nonsense is refused', async (t) => {
  const simulator = await aSimulator(t);
  const client = new SimulatorClient(simulator.url);
  const sender = senderFor(t, simulator.url);
  await client.configure({ outcomes: { hardBounce: 1 } });
  await sender.send(aMail(), TIMEOUT_MS);
  assert.equal(simulator.record.get(0).fate, 'hard_bounce');
  await client.configure({ accounts: { other: 'x' } });
  assert.equal((await sender.send(aMail(), TIMEOUT_MS)).kind, 'unusable');
  await assert.rejects(client.configure({ outcomes: { hardBounce: 2 } }), /400/);
  await assert.rejects(client.setFaults({ shares: { too_many: -1 } }), /400/);
});

async function collected(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const list: Entry[] = [];
  for await (const entry of entries) list.push(entry);
  return list;
}

const id = fc.oneof(fc.constant(null), fc.uuid(), fc.string({ minLength: 1 }));
const entries = fc.array(
  fc
    .record({
      arrivedAt: fc.double({ noNaN: true }),
      wallAt: fc.integer({ min: 0 }),
      answeredAt: fc.oneof(fc.constant(null), fc.double({ min: 1, noNaN: true })),
      account: fc.option(fc.string()),
      subTaskId: id,
      attempt: fc.oneof(fc.constant(null), fc.nat(), fc.constantFrom('007', '', '-1', '9999', '10000')),
      ownRequestId: id,
      recipient: fc.option(fc.string()),
      fromDomain: fc.option(fc.string()),
      campaign: fc.option(fc.string()),
      replyTo: fc.option(fc.string()),
      attachments: fc.array(
        fc.record(
          { filename: fc.string(), type: fc.string(), bytes: fc.nat(), sha256: fc.string() },
          { noNullPrototype: true },
        ),
        { maxLength: 2 },
      ),
      outcome: fc.constantFrom(...OUTCOMES),
      status: fc.oneof(fc.constant(null), fc.integer({ min: 100, max: 599 })),
      fault: fc.oneof(fc.constant(null), fc.constantFrom(...FAULTS)),
      fate: fc.constantFrom(...FATES),
    })
    .map(({ attempt, ownRequestId, ...entry }) => ({
      ...entry,
      requestId: entry.subTaskId !== null && attempt !== null ? `${entry.subTaskId}.${attempt}` : ownRequestId,
    })),
);

test('typed columns give back exactly what was put in', () => {
  fc.assert(
    fc.property(entries, fc.nat(), (list, first) => {
      const columns = new Columns(first);
      const expected: Entry[] = list.map((entry) => {
        const seq = columns.add(entry.arrivedAt, entry.wallAt);
        columns.describe(seq, entry);
        columns.settle(seq, entry);
        if (entry.answeredAt !== null) columns.answer(seq, entry.answeredAt);
        return { seq, ...entry };
      });
      assert.deepEqual(
        expected.map(({ seq }) => columns.get(seq)),
        expected,
      );
    }),
  );
});

test('the columns hold more than one block of rows', () => {
  const columns = new Columns(7);
  const ids = [randomUUID(), randomUUID()];
  const nothing = { account: null, recipient: null, fromDomain: null, campaign: null, replyTo: null, attachments: [] };
  for (let i = 0; i < 70_000; i++) {
    const seq = columns.add(i, i);
    const subTaskId = ids[i % 2] ?? '';
    columns.describe(seq, { ...nothing, subTaskId, requestId: `${subTaskId}.1` });
  }
  assert.equal(columns.get(7 + 69_999).subTaskId, ids[1]);
  assert.throws(() => columns.get(7 + 70_000), RangeError);
});
