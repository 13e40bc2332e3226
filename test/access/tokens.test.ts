// Promise: an API token never may more than its user, and no longer than it is good for.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aWorkspace, clockForward, one } from '../support/scene.ts';
import { type Asker, aMember, as, join } from './scene.ts';
import { aHash, aUser, type Claims, type Role } from './support.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase();
});
after(() => db.close());

const inTransaction = (work: (sql: Queryable) => Promise<void>) => () => withTransaction(db.pool, work);

interface Terms {
  role?: Role;
  workspaceId?: string | null;
  isAdmin?: boolean;
  /** From now, by the database's clock. */
  lasts?: string | null;
}

/** @returns its id. */
async function create(sql: Queryable, userId: string, hash: Buffer, terms: Terms = {}): Promise<string> {
  const { role = 'manager', workspaceId = null, isAdmin = false, lasts = null } = terms;
  return one(
    sql,
    `select id from app_private.create_api_token($1, 'a token', $2, $3, $4, $5, app_hidden.current_time() + $6::interval)`,
    [userId, role, workspaceId, isAdmin, hash, lasts],
  );
}

async function claimsOf(sql: Queryable, hash: Buffer): Promise<Claims | undefined> {
  const { rows } = await sql.query<Claims>('select * from app_private.claims_of_token($1)', [hash]);
  return rows[0];
}

const asker = ({ user_id, is_admin, token_role, token_workspace_id }: Claims): Asker => ({
  name: 'a token',
  databaseRole: is_admin ? 'postilion_admin' : 'postilion_user',
  userId: user_id,
  ...(token_role === null ? {} : { tokenRole: token_role }),
  ...(token_workspace_id === null ? {} : { tokenWorkspaceId: token_workspace_id }),
});

async function workspacesSeen(sql: Queryable, claims: Claims | undefined): Promise<string[]> {
  assert.ok(claims);
  return as(sql, asker(claims), async () => {
    const { rows } = await sql.query<{ id: string }>('select id from app_public.workspaces order by id');
    return rows.map(({ id }) => id);
  });
}

test(
  'a token says whose it is and what it is narrowed to',
  inTransaction(async (sql) => {
    const workspaceId = await aWorkspace(sql);
    const userId = await aMember(sql, workspaceId, 'sender');
    const hash = aHash();
    const tokenId = await create(sql, userId, hash, { role: 'viewer', workspaceId });
    assert.deepEqual(await claimsOf(sql, hash), {
      session_id: null,
      user_id: userId,
      is_admin: false,
      token_id: tokenId,
      token_role: 'viewer',
      token_workspace_id: workspaceId,
      expires_at: null,
    });
    assert.equal(await claimsOf(sql, aHash()), undefined);
  }),
);

test(
  'it expires, and is revoked, at once; so does it end with its user',
  inTransaction(async (sql) => {
    const userId = await aUser(sql);
    const [brief, revoked, orphan] = [aHash(), aHash(), aHash()];
    await create(sql, userId, brief, { lasts: '1 hour' });
    const tokenId = await create(sql, userId, revoked);
    await create(sql, userId, orphan);
    await clockForward(sql, '59 minutes');
    assert.ok(await claimsOf(sql, brief));
    await clockForward(sql, '1 minute');
    assert.equal(await claimsOf(sql, brief), undefined);
    await sql.query('select app_public.revoke_api_token($1)', [tokenId]);
    assert.equal(await claimsOf(sql, revoked), undefined);
    assert.ok(await claimsOf(sql, orphan));
    await sql.query('select app_public.set_user_disabled($1, true)', [userId]);
    assert.equal(await claimsOf(sql, orphan), undefined);
  }),
);

test(
  'its use is noted once a minute',
  inTransaction(async (sql) => {
    const hash = aHash();
    const id = await create(sql, await aUser(sql), hash);
    const used = () => one<Date>(sql, 'select last_used_at from app_public.api_tokens where id = $1', [id]);
    await claimsOf(sql, hash);
    const first = await used();
    await claimsOf(sql, hash);
    assert.deepEqual(await used(), first);
    await clockForward(sql, '1 minute');
    await claimsOf(sql, hash);
    assert.ok((await used()) > first);
  }),
);

test(
  'it sees the one workspace it is for, though its user sees two',
  inTransaction(async (sql) => {
    const [here, there] = [await aWorkspace(sql), await aWorkspace(sql)];
    const userId = await aMember(sql, here, 'manager');
    await join(sql, there, userId, 'manager');
    const [narrow, wide] = [aHash(), aHash()];
    await create(sql, userId, narrow, { workspaceId: here });
    await create(sql, userId, wide);
    assert.deepEqual(await workspacesSeen(sql, await claimsOf(sql, narrow)), [here]);
    assert.deepEqual(await workspacesSeen(sql, await claimsOf(sql, wide)), [here, there].toSorted());
  }),
);

test(
  'it never may more than its user does now',
  inTransaction(async (sql) => {
    const workspaceId = await aWorkspace(sql);
    const userId = await aMember(sql, workspaceId, 'manager');
    const hash = aHash();
    await create(sql, userId, hash, { workspaceId });
    await sql.query(`update app_public.memberships set role = 'viewer' where user_id = $1`, [userId]);
    const claims = await claimsOf(sql, hash);
    assert.ok(claims);
    await assert.rejects(
      as(sql, asker(claims), () => sql.query(`select app_public.add_contacts($1, '[]')`, [workspaceId])),
      { code: 'FRBDN' },
    );
  }),
);

test(
  'an admin’s token is one of an admin while they are',
  inTransaction(async (sql) => {
    await aUser(sql, { isAdmin: true });
    const userId = await aUser(sql, { isAdmin: true });
    const workspaceId = await aWorkspace(sql);
    const [full, narrow] = [aHash(), aHash()];
    await create(sql, userId, full, { isAdmin: true });
    await create(sql, userId, narrow, { role: 'viewer', workspaceId });
    assert.equal((await claimsOf(sql, full))?.is_admin, true);
    assert.deepEqual(await workspacesSeen(sql, await claimsOf(sql, narrow)), [workspaceId]);
    await sql.query('select app_public.set_user_admin($1, false)', [userId]);
    assert.equal((await claimsOf(sql, full))?.is_admin, false);
    assert.deepEqual(await workspacesSeen(sql, await claimsOf(sql, narrow)), []);
  }),
);

test(
  'a user can not give what is not theirs, and is told which field',
  inTransaction(async (sql) => {
    const workspaceId = await aWorkspace(sql);
    const userId = await aMember(sql, workspaceId, 'editor');
    const refused: [Terms, RegExp][] = [
      [{ isAdmin: true }, /^isAdmin: /],
      [{ role: 'sender', workspaceId }, /^workspaceId: /],
      [{ workspaceId: await aWorkspace(sql) }, /^workspaceId: /],
      [{ lasts: '-1 second' }, /^expiresAt: /],
    ];
    for (const [terms, message] of refused) {
      await sql.query('savepoint refused');
      await assert.rejects(create(sql, userId, aHash(), terms), { code: 'BADIN', message });
      await sql.query('rollback to savepoint refused');
    }
  }),
);

test(
  'a token neither shows nor revokes the others of its user; a session does',
  inTransaction(async (sql) => {
    const userId = await aUser(sql);
    const hash = aHash();
    const tokenId = await create(sql, userId, hash);
    const claims = await claimsOf(sql, hash);
    assert.ok(claims);
    const session: Asker = { name: 'a session', databaseRole: 'postilion_user', userId };
    const shown = (who: Asker) =>
      as(sql, who, () => one<number>(sql, 'select count(*)::integer from app_public.api_tokens'));
    const revoke = (who: Asker) => as(sql, who, () => sql.query('select app_public.revoke_api_token($1)', [tokenId]));
    assert.equal(await shown(asker(claims)), 0);
    assert.equal(await shown(session), 1);
    await assert.rejects(revoke(asker(claims)), { code: 'NTFND' });
    await revoke(session);
  }),
);
