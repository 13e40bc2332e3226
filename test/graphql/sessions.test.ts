// Promise: a connection that served one caller shows the next one nothing of theirs; and what members ask for by ids is found by an index.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { aMember, as } from '../access/scene.ts';
import { anApiToken } from '../server/access_support.ts';
import { at, post, startTestServer } from '../server/support.ts';
import { aQueuedTask, one } from '../support/scene.ts';

suite('sessions of the database', async () => {
  const { server, pool, authorization } = await startTestServer();

  async function aPerson(recipients = 1) {
    const { workspaceId, taskId } = await aQueuedTask(pool, { recipients });
    const userId = await aMember(pool, workspaceId, 'sender');
    const token = await anApiToken(pool, userId, { role: 'sender' });
    return { workspaceId, taskId, userId, authorization: token.authorization };
  }

  test('callers who take turns on the same connections see their own, and only that', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => aPerson()));
    const mine = '{ me { id } workspaces(first: 10) { nodes { id } } }';
    const pause = 'mutation ($id: UUID!) { pauseTask(input: { taskId: $id }) { onTheWay } }';
    for (let round = 0; round < 5; round += 1)
      await Promise.all(
        people.map(async ({ workspaceId, userId, authorization: theirs }, place) => {
          const answer = await post(server.url, mine, {}, theirs);
          assert.deepEqual(answer.data, { me: { id: userId }, workspaces: { nodes: [{ id: workspaceId }] } });
          // A request that fails leaves its connection to the next one, too.
          const other = people[(place + 1) % people.length];
          const refused = await post(server.url, pause, { id: other?.taskId }, theirs);
          assert.equal(at(refused, 'errors.0.extensions.code'), 'NTFND');
        }),
      );
    const all = await post(server.url, '{ workspaces(first: 10) { nodes { id } } }', {}, await authorization());
    assert.ok(Object.entries(at(all, 'data.workspaces.nodes') ?? {}).length >= 4, 'an admin sees them all');
    const nobody = await post(
      server.url,
      'mutation { refreshSession(input: { refreshToken: "x" }) { accessToken } }',
      {},
    );
    assert.equal(at(nobody, 'errors.0.extensions.code'), 'AUTHN');
  });

  for (const [what, query] of [
    ['one Task', 'query ($task: UUID!) { task(id: $task) { subTasks(first: 3) { nodes { id } } } }'],
    ['several Tasks', '{ tasks { nodes { subTasks(first: 3) { nodes { id } } } } }'],
  ] as const)
    test(`a member’s mails of ${what} are looked up by their ids, not searched, by one process`, async () => {
      const { workspaceId, taskId, userId, authorization: theirs } = await aPerson(2_000);
      await aQueuedTask(pool, { recipients: 3, workspaceId });
      await pool.query('analyze app_public.sub_tasks');
      await post(server.url, query, { task: taskId }, theirs);
      const text = await one<string>(
        pool,
        `select query from pg_stat_activity
          where datname = current_database() and application_name = 'postilion graphql' and query like '%find_sub_tasks%'
          order by query_start desc limit 1`,
      );
      const client = await pool.connect();
      try {
        await client.query('begin');
        await client.query('set local plan_cache_mode to force_generic_plan');
        await client.query(`prepare mails as ${text}`);
        const nothing = [...new Set(text.match(/\$\d+/g))].map(() => 'null').join();
        const plan = await as(client, { name: 'member', databaseRole: 'postilion_user', userId }, async () => {
          const { rows } = await client.query<{ 'QUERY PLAN': string }>(
            `explain (costs off) execute mails (${nothing})`,
          );
          return rows.map((row) => row['QUERY PLAN']).join('\n');
        });
        assert.match(plan, /Index Scan using sub_tasks_pkey on sub_tasks\b.*\n\s+Index Cond: \(id = ANY \(/);
        assert.doesNotMatch(plan, /Gather/);
      } finally {
        client.release(true);
      }
    });
});
