// Promise: who is of one workspace sees nothing of another, and can not find out whether something is there: what exists elsewhere is
// answered, word by word, like what does not exist.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join as path } from 'node:path';
import { suite, test } from 'node:test';
import { buildSchema } from 'postgraphile/graphql';
import { z } from 'zod';
import { projectDir } from '../../src/database/server.ts';
import { hashPassword } from '../../src/server/access/passwords.ts';
import { nowhere } from '../access/functions.ts';
import { aMember, aWorld, join, type Place, roles } from '../access/scene.ts';
import { aUser } from '../access/support.ts';
import { anApiToken, aUser as aUserWithPassword, password } from '../server/access_support.ts';
import { signIn } from '../server/operations.ts';
import { at, post, startTestServer, textAt } from '../server/support.ts';
import { one } from '../support/scene.ts';
import { operationsOf, type Valid } from './hostile_slots.ts';
import { nothingStays, validIn } from './hostile_world.ts';
import { marked, tracesOf, walksOf } from './isolation_support.ts';

interface Asker {
  readonly name: string;
  readonly authorization: string;
}

/** Where a workspace can be asked about an address that is not of it: to make a user a member. */
const asksForUsers: ReadonlySet<string> = new Set(['Mutation.addMember']);

const nobody = '00000000-0000-0000-0000-000000000000';

suite('isolation', async () => {
  nothingStays();
  const server = await startTestServer({ GRAPHQL_MAX_COST: '100000000' });
  const { pool } = server;
  const { here, there } = await aWorld(pool);
  await marked(pool, there.workspaceId);
  const traces = await tracesOf(pool, there, here);
  const schema = buildSchema(await readFile(path(projectDir, 'db', 'schema.graphql'), 'utf8'));
  // The hashes of this world are of no password, which nobody could compare.
  await pool.query('update app_private.passwords set hash = $1', [await hashPassword('a password of nobody')]);
  const askers = await everyAsker();
  const ofContact = 'select email from app_public.contacts where workspace_id = $1 limit 1';
  const emails = [there.memberEmail, await one<string>(pool, ofContact, [there.workspaceId])];

  async function everyAsker(): Promise<Asker[]> {
    const made: Asker[] = [];
    for (const role of roles) {
      // As good as a session of that user, but for what sessions alone may.
      const { authorization } = await anApiToken(pool, await aMember(pool, here.workspaceId, role), {
        role: 'manager',
      });
      made.push({ name: role, authorization });
    }
    const admin = await aUser(pool, { isAdmin: true });
    const narrowed = { role: 'manager', workspaceId: here.workspaceId } as const;
    made.push({ name: 'an admin’s narrowed token', ...(await anApiToken(pool, admin, narrowed)) });
    const both = await aMember(pool, here.workspaceId, 'manager');
    await pool.query(`insert into app_public.memberships (workspace_id, user_id, role) values ($1, $2, 'manager')`, [
      there.workspaceId,
      both,
    ]);
    made.push({ name: 'a narrowed token of a member of both', ...(await anApiToken(pool, both, narrowed)) });
    const email = 'manager@example.com';
    await join(pool, here.workspaceId, await aUserWithPassword(pool, email), 'manager');
    const begun = await post(server.server.url, signIn, { email, password });
    made.push({ name: 'a manager’s session', authorization: `Bearer ${textAt(begun, 'data.signIn.accessToken')}` });
    return made;
  }

  const ask = (asker: Asker, { query, variables }: { query: string; variables: object }) =>
    post(server.server.url, query, variables, asker.authorization);

  for (const asker of askers) {
    test(`${asker.name}: every path of the schema, four deep, shows nothing of another workspace`, async () => {
      for (const query of walksOf(schema, validIn(here))) {
        const text = JSON.stringify(await ask(asker, { query, variables: {} }));
        assert.doesNotMatch(text, /"INTNL"/, query);
        const seen = traces.filter((trace) => text.includes(trace));
        assert.deepEqual(seen, [], `${query}: ${text.slice(0, 2_000)}`);
      }
    });

    test(`${asker.name}: ids of another workspace are answered like made-up ones`, () =>
      compare(asker, there, nowhere(there)));

    test(`${asker.name}: nor does one of them among one’s own say anything`, async () => {
      const made = nowhere(there);
      for (const part of partsOf(there))
        await compare(asker, { ...here, [part]: there[part] }, { ...here, [part]: made[part] });
    });

    test(`${asker.name}: addresses of another workspace are answered like unknown ones`, async () => {
      await pool.query('delete from app_private.sign_in_attempts');
      const atHome = validIn(here);
      // To each its own unknown one: what is asked may bring both into the asker's workspace.
      for (const [place, email] of emails.entries()) {
        const unknown = `unknown${place}@example.com`;
        const [requests, others] = [requestsAt(withEmail(atHome, email)), requestsAt(withEmail(atHome, unknown))];
        same(await answersOf(asker, requests, others, { email }, { email: unknown }));
      }
    });

    test(`${asker.name}: files go neither out of another workspace nor into it`, async () => {
      for (const what of ['contacts', 'suppressions']) {
        const answers = [];
        for (const id of [there.workspaceId, nobody]) {
          const init = { headers: { authorization: asker.authorization } };
          const address = (verb: string) => `${server.server.url}/api/${what}/${verb}?workspace=${id}`;
          const out = await fetch(address('export'), init);
          const into = await fetch(address('import'), { ...init, method: 'POST', body: 'email\nx@example.com\n' });
          const told = `${out.status} ${await out.text()} ${into.status} ${await into.text()}`;
          answers.push(told.replaceAll(id, '<id>'));
        }
        assert.equal(answers[0], answers[1]);
        assert.match(String(answers[0]), /^404 .* 404 /);
      }
    });

    test(`${asker.name}: the place of a row of another workspace in a list is a place like any other`, async () => {
      const list =
        'query ($id: UUID!, $after: Cursor) { workspace(id: $id) { contacts(after: $after) { nodes { id } edges { cursor node { email } } } } }';
      const admin = { name: 'admin', authorization: await server.authorization() };
      const of = await ask(admin, { query: list, variables: { id: there.workspaceId } });
      const own = await ask(admin, { query: list, variables: { id: here.workspaceId } });
      // Of an address that both know the place is between two ids, which says nothing of either.
      const known = JSON.stringify(own);
      const edge = z
        .array(z.object({ cursor: z.string(), node: z.object({ email: z.string() }) }))
        .parse(at(of, 'data.workspace.contacts.edges'))
        .find(({ node }) => !known.includes(JSON.stringify(node.email)));
      assert.ok(edge !== undefined);
      const { cursor } = edge;
      const madeUp = Buffer.from(
        Buffer.from(cursor, 'base64')
          .toString()
          .replace(/@example/, '@exampld'),
      ).toString('base64');
      const answers = [];
      for (const after of [cursor, madeUp])
        answers.push(await ask(asker, { query: list, variables: { id: here.workspaceId, after } }));
      assert.notEqual(cursor, madeUp);
      assert.deepEqual(answers[0], answers[1]);
      assert.equal(at(answers[0], 'errors'), undefined);
    });
  }

  // Otherwise all of the above could be true because nothing was asked for.
  test('an admin, who sees all, meets it on the same paths, and is answered otherwise', async () => {
    const admin = { name: 'admin', authorization: await server.authorization() };
    let seen = '';
    for (const query of walksOf(schema, validIn(here)))
      seen += JSON.stringify(await ask(admin, { query, variables: {} }));
    const missed = traces.filter((trace) => !seen.includes(trace));
    // The key by which an event that comes twice is known again is nobody's to see.
    assert.ok(missed.length <= 1, `${missed}`);
    const made = nowhere(there);
    const answers = await answersOf(admin, requestsAt(validIn(there)), requestsAt(validIn(made)), there, made);
    const differing = answers.filter(([, foreign, unknown]) => foreign !== unknown);
    assert.ok(differing.length > 60, `${differing.length} of ${answers.length}`);
  });

  /** Asks for everything that takes something, at both places. */
  async function compare(asker: Asker, place: Place, made: Place): Promise<void> {
    same(await answersOf(asker, requestsAt(validIn(place)), requestsAt(validIn(made)), place, made));
  }

  type Requests = ReadonlyMap<string, { query: string; variables: object }>;

  /** Of requests that differ: what is asked for, and both answers without what was given. */
  async function answersOf(asker: Asker, requests: Requests, others: Requests, given: Words, given2: Words) {
    const answers: [string, string, string][] = [];
    for (const [name, request] of requests) {
      const other = others.get(name);
      assert.ok(other);
      if (JSON.stringify(request) === JSON.stringify(other)) continue;
      answers.push([name, nameless(await ask(asker, request), given), nameless(await ask(asker, other), given2)]);
    }
    return answers;
  }

  function requestsAt(valid: Valid): Requests {
    return new Map(operationsOf(schema, valid, asksForUsers).map((operation) => [operation.name, operation.usual()]));
  }
});

function same(answers: readonly [string, string, string][]): void {
  for (const [name, foreign, unknown] of answers) {
    assert.equal(foreign, unknown, name);
    assert.doesNotMatch(foreign, /"INTNL"/, name);
  }
}

/** An address wherever one can be given. */
const withEmail =
  (valid: Valid, email: string): Valid =>
  (scalar, name, owner) =>
    ['email', 'emailPrefix', 'to'].includes(name) && scalar === 'String' ? email : valid(scalar, name, owner);

/** By what they are. */
type Words = { readonly [name: string]: string } | Place;

const partsOf = (place: Place) => Object.keys(place).filter((key): key is keyof Place => key in place);

/** What differs between two calls that say the same: the ids that were given, new ids, times. */
function nameless(answer: unknown, given: Words): string {
  return Object.entries(given)
    .reduce((text, [name, value]) => text.replaceAll(value, `<${name}>`), JSON.stringify(answer))
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:[\d.]+(Z|\+\d\d(:\d\d)?)/g, '<time>');
}
