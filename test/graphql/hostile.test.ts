// Promise: whatever stands in an argument is taken, or refused by its name; none breaks a statement, the server, or the next request.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { type Client, createClient } from 'graphql-ws';
import { buildSchema } from 'postgraphile/graphql';
import { z } from 'zod';
import { projectDir } from '../../src/database/server.ts';
import { aWorld } from '../access/scene.ts';
import { type Answer, startTestServer } from '../server/support.ts';
import { type Operation, operationsOf, type Slot, subscriptionsOf } from './hostile_slots.ts';
import { hostileJson, hostileNumbers, hostileStrings } from './hostile_values.ts';
import { nothingStays, validIn } from './hostile_world.ts';

/** Of each slot that takes text. The long form: every string everywhere, some minutes. */
const stringsOfSlot = { short: 63, long: 1_000 }.short;
const ofRequest = 25;
const strings = hostileStrings(1_000);

/** What GraphQL itself refuses, a request for each value; and passwords, which take long to hash on purpose. */
const few = 5;
const checkedByGraphql: ReadonlySet<string> = new Set(['UUID', 'Datetime', 'Date', 'Time', 'BigInt']);
const isPassword = (path: Slot['path']) => /password/i.test(String(path.at(-1)));

// What ends the session that asks; it takes nothing.
const skipped: ReadonlySet<string> = new Set(['Mutation.signOut']);

suite('hostile arguments', async () => {
  nothingStays();
  const server = await startTestServer();
  const { here } = await aWorld(server.pool);
  const schema = buildSchema(await readFile(join(projectDir, 'db', 'schema.graphql'), 'utf8'));
  const operations = operationsOf(schema, validIn(here), skipped);
  let given = 0;
  let from = 0;

  /** Each slot goes on where the one before stopped. */
  function valuesFor({ scalar, path }: Slot): unknown[] {
    if (scalar === 'Boolean') return [];
    if (scalar === 'Int' || scalar === 'Float') return [...hostileNumbers];
    const count = checkedByGraphql.has(scalar) || isPassword(path) ? few : stringsOfSlot;
    const chosen = Array.from({ length: count }, (_, number) => strings[(from + number) % strings.length] ?? '');
    from += count;
    return scalar === 'JSON' ? chosen.map(hostileJson) : chosen;
  }

  async function tried(operation: Operation, slot: Slot, values: readonly unknown[]): Promise<void> {
    const { query, variables } = operation.request(slot, values);
    const answer = await server.graphql(query, variables);
    // One variable that is none of its type keeps the whole request from being looked at.
    if (answer.data === undefined && values.length > 1) {
      for (const value of values) await tried(operation, slot, [value]);
      return;
    }
    given += values.length;
    for (const error of answer.errors ?? []) judge(operation, slot, values, error);
  }

  for (const operation of operations) {
    test(operation.name, async () => {
      for (const slot of operation.slots) {
        const values = valuesFor(slot);
        for (let at = 0; at < values.length; at += ofRequest)
          await tried(operation, slot, values.slice(at, at + ofRequest));
      }
    });
  }

  for (const operation of subscriptionsOf(schema, validIn(here)))
    test(operation.name, async () => {
      const client = createClient({
        url: `${server.server.url.replace('http', 'ws')}/graphql`,
        retryAttempts: 0,
        connectionParams: { authorization: await server.authorization() },
      });
      for (const slot of operation.slots)
        for (const value of valuesFor(slot)) {
          given++;
          for (const error of await firstErrors(client, operation.request(slot, [value])))
            judge(operation, slot, [value], error);
        }
      await client.dispose();
    });

  test('10,000 of them and more, and the server still answers', async () => {
    assert.ok(given >= 10_000, `${given} values were tried`);
    assert.deepEqual(await server.data('{ me { email } }'), { me: { email: 'admin@example.com' } });
  });
});

/** What is said at once: a subscription begins with the present state, or with why it does not begin. */
async function firstErrors(client: Client, request: { query: string; variables: Record<string, unknown> }) {
  const answers = client.iterate(request);
  const first = await answers.next().then(
    ({ value }) => Object(value).errors,
    (refused: unknown) => refused,
  );
  await answers.return?.();
  return faults.parse(first ?? []);
}

const faults = z.array(
  z.object({
    message: z.string(),
    extensions: z.object({ code: z.string(), field: z.string(), id: z.string() }).partial().optional(),
  }),
);

type Fault = NonNullable<Answer['errors']>[number];

const expected: ReadonlySet<string> = new Set(['BADIN', 'NTFND', 'FRBDN', 'AUTHN', 'TRANS', 'SUPPR', 'FROZN', 'LIMIT']);

/** What it says of a value before it looks at what the value is for: then no field is named. */
const inWordsOfPostgres = /^(invalid (input|byte)|unsupported Unicode|date\/time field|time zone|\w+ out of range)/;

function judge({ name }: Operation, { path }: Slot, values: readonly unknown[], { message, extensions }: Fault): void {
  const code = extensions?.code ?? 'of GraphQL';
  const told = `${name}, ${path.join('.')}: ${code} ${JSON.stringify(extensions)} ${message.slice(0, 300)}; given ${JSON.stringify(values).slice(0, 300)}`;
  assert.ok(code === 'of GraphQL' || expected.has(code), told);
  assert.doesNotMatch(message, inWordsOfPostgres, told);
}
