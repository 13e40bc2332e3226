// Promise: a session lives until it is ended, and no longer; whoever guesses passwords is slowed down.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pruneSignIns } from '../../src/database/access/prune_sign_ins.ts';
import { codeOf } from '../../src/database/error_code.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { one } from '../support/scene.ts';
import { aHash, aUser, claimsOf, passwordHash, refreshed, signedIn } from './support.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase();
});
after(() => db.close());

const inTransaction = (work: (sql: Queryable) => Promise<void>) => () => withTransaction(db.pool, work);

const begin = (sql: Queryable, email: string, address = '192.0.2.1') =>
  sql.query<{ user_id: string | null; password_hash: string | null }>(
    'select * from app_private.begin_sign_in($1, $2)',
    [email, address],
  );

const passTime = (sql: Queryable, offset: string) => sql.query(`set local postilion.clock_offset = '${offset}'`);

/** Of who an identity provider says it is; the transaction lives on when nobody is known by that. */
async function codeFor(sql: Queryable, email: string, isVerified: boolean): Promise<Buffer> {
  const code = aHash();
  const values = ['https://id.example.com', 'subject-1', email, isVerified, code];
  await sql.query('savepoint sign_in');
  try {
    await sql.query('select app_private.create_sign_in_code($1, $2, $3, $4, $5)', values);
  } catch (error) {
    await sql.query('rollback to savepoint sign_in');
    throw error;
  }
  return code;
}

/** Whose session it began, if any. */
async function exchanged(sql: Queryable, code: Buffer): Promise<string | undefined> {
  const { rows } = await sql.query<{ user_id: string }>(
    'select user_id from app_private.exchange_sign_in_code($1, $2)',
    [code, aHash()],
  );
  return rows[0]?.user_id;
}

/** Attempts that are let through before LIMIT; the transaction lives on. */
async function attemptsLet(sql: Queryable, most: number, attempt: (n: number) => [string, string]): Promise<number> {
  for (let n = 0; n < most; n++) {
    await sql.query('savepoint attempt');
    try {
      await begin(sql, ...attempt(n));
    } catch (error) {
      assert.equal(codeOf(error), 'LIMIT');
      await sql.query('rollback to savepoint attempt');
      return n;
    }
  }
  return most;
}

test(
  'an address is found as it was meant',
  inTransaction(async (sql) => {
    const id = await aUser(sql, { email: ' Person@Example.com ' });
    const found = await begin(sql, 'PERSON@example.com ');
    assert.deepEqual(found.rows, [{ user_id: id, password_hash: passwordHash }]);
  }),
);

test(
  'an unknown account, and a disabled one, are answered with nulls',
  inTransaction(async (sql) => {
    const id = await aUser(sql, { email: 'person@example.com' });
    await sql.query('update app_public.users set is_disabled = true where id = $1', [id]);
    for (const email of ['person@example.com', 'nobody@example.com']) {
      assert.deepEqual((await begin(sql, email)).rows, [{ user_id: null, password_hash: null }]);
    }
  }),
);

test(
  'a taken address is refused, naming the field',
  inTransaction(async (sql) => {
    await aUser(sql, { email: 'person@example.com' });
    await assert.rejects(aUser(sql, { email: 'Person@example.com' }), { code: 'BADIN', message: /^email: / });
  }),
);

test(
  'the eleventh attempt on an account is refused, wherever it comes from, whether there is such an account or not',
  inTransaction(async (sql) => {
    await aUser(sql, { email: 'person@example.com' });
    assert.equal(await attemptsLet(sql, 20, (n) => ['person@example.com', `192.0.2.${n}`]), 10);
    assert.equal(await attemptsLet(sql, 20, (n) => ['nobody@example.com', `198.51.100.${n}`]), 10);
  }),
);

test(
  'the fifty-first attempt from a network is refused, whatever the account',
  inTransaction(async (sql) => {
    assert.equal(await attemptsLet(sql, 60, (n) => [`${n}@example.com`, '192.0.2.1']), 50);
    assert.equal(await attemptsLet(sql, 60, (n) => [`six${n}@example.com`, `2001:db8::${n}`]), 50);
    assert.equal(await attemptsLet(sql, 1, () => ['mapped@example.com', '::ffff:192.0.2.1']), 0);
    assert.equal(await attemptsLet(sql, 1, () => ['mapped@example.com', '::ffff:192.0.2.2']), 1);
  }),
);

test(
  'after a quarter of an hour one may try again',
  inTransaction(async (sql) => {
    assert.equal(await attemptsLet(sql, 20, () => ['person@example.com', '192.0.2.1']), 10);
    await passTime(sql, '16 minutes');
    assert.equal(await attemptsLet(sql, 1, () => ['person@example.com', '192.0.2.1']), 1);
  }),
);

test(
  'a success clears the attempts of its account',
  inTransaction(async (sql) => {
    const id = await aUser(sql, { email: 'person@example.com' });
    assert.equal(await attemptsLet(sql, 9, () => ['person@example.com', '192.0.2.1']), 9);
    await signedIn(sql, id);
    assert.equal(await attemptsLet(sql, 20, () => ['person@example.com', '192.0.2.1']), 10);
  }),
);

test('of a hundred attempts at once ten are let through', async () => {
  const attempts = Array.from({ length: 100 }, (_, n) => begin(db.pool, 'rush@example.com', `203.0.113.${n}`));
  const results = await Promise.allSettled(attempts);
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 10);
});

test(
  'a session says who asks until it is ended',
  inTransaction(async (sql) => {
    const id = await aUser(sql, { isAdmin: true });
    const claims = await signedIn(sql, id);
    assert.partialDeepStrictEqual(claims, { user_id: id, is_admin: true, token_id: null, token_role: null });
    assert.deepEqual(await claimsOf(sql, claims.session_id), claims);
    await sql.query('select app_private.end_session($1)', [claims.session_id]);
    assert.equal(await claimsOf(sql, claims.session_id), undefined);
  }),
);

test(
  'a session that is not refreshed expires',
  inTransaction(async (sql) => {
    const refresh = aHash();
    const { session_id } = await signedIn(sql, await aUser(sql), refresh);
    await passTime(sql, '31 days');
    assert.equal(await claimsOf(sql, session_id), undefined);
    assert.equal(await refreshed(sql, refresh, aHash()), undefined);
  }),
);

test(
  'a refresh prolongs the session, under its next token',
  inTransaction(async (sql) => {
    const [one, two, three] = [aHash(), aHash(), aHash()];
    const { session_id } = await signedIn(sql, await aUser(sql), one);
    await passTime(sql, '29 days');
    assert.equal((await refreshed(sql, one, two))?.session_id, session_id);
    await passTime(sql, '58 days');
    assert.equal((await refreshed(sql, two, three))?.session_id, session_id);
  }),
);

test(
  'a refresh token that comes again ends the session, however long ago it was exchanged',
  inTransaction(async (sql) => {
    const [one, two, three] = [aHash(), aHash(), aHash()];
    const { session_id } = await signedIn(sql, await aUser(sql), one);
    await refreshed(sql, one, two);
    await refreshed(sql, two, three);
    assert.equal(await refreshed(sql, one, aHash()), undefined);
    assert.equal(await claimsOf(sql, session_id), undefined);
    assert.equal(await refreshed(sql, three, aHash()), undefined);
  }),
);

test('of two exchanges of one token at once, one wins, and the other ends the session', async () => {
  const refresh = aHash();
  const { session_id } = await signedIn(db.pool, await aUser(db.pool), refresh);
  const results = await Promise.all([refreshed(db.pool, refresh, aHash()), refreshed(db.pool, refresh, aHash())]);
  assert.equal(results.filter((claims) => claims !== undefined).length, 1);
  assert.equal(await claimsOf(db.pool, session_id), undefined);
});

test(
  'a password that was changed since it was looked at begins no session, and is no former one to be changed',
  inTransaction(async (sql) => {
    const id = await aUser(sql);
    await sql.query('select app_private.set_password($1, $2)', [id, `${passwordHash}2`]);
    await sql.query('savepoint shown');
    await assert.rejects(signedIn(sql, id), { code: 'AUTHN', message: 'the address or the password is wrong' });
    await sql.query('rollback to savepoint shown');
    const late = sql.query('select app_private.set_password($1, $2, null, $3)', [id, `${passwordHash}3`, passwordHash]);
    await assert.rejects(late, { code: 'BADIN', message: 'currentPassword: it is wrong' });
    await sql.query('rollback to savepoint shown');
    assert.equal((await signedIn(sql, id, aHash(), `${passwordHash}2`)).user_id, id);
  }),
);

test('a change of password that is under way lets a sign-in wait, and then fail', async () => {
  const id = await aUser(db.pool);
  const changing = await db.pool.connect();
  try {
    await changing.query('begin');
    await changing.query('select app_private.set_password($1, $2)', [id, `${passwordHash}2`]);
    const signing = signedIn(db.pool, id);
    await Promise.all([
      assert.rejects(signing, { code: 'AUTHN' }),
      eventually(
        () =>
          one<boolean>(
            db.pool,
            `select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')`,
          ),
        (waits) => waits,
      ).then(() => changing.query('commit')),
    ]);
  } finally {
    changing.release(true);
  }
});

test(
  'a new password ends the sessions, except the one it was set in, and the reset under way',
  inTransaction(async (sql) => {
    const id = await aUser(sql);
    const [kept, ended] = [await signedIn(sql, id), await signedIn(sql, id)];
    await sql.query('select app_private.set_password($1, $2, $3)', [id, passwordHash, kept.session_id]);
    assert.deepEqual(await claimsOf(sql, kept.session_id), kept);
    assert.equal(await claimsOf(sql, ended.session_id), undefined);
  }),
);

test(
  'a reset token is good once, for an hour, and the last one alone',
  inTransaction(async (sql) => {
    const id = await aUser(sql);
    const { session_id } = await signedIn(sql, id);
    const create = (token: Buffer) => sql.query('select app_private.create_password_reset($1, $2)', [id, token]);
    const reset = async (token: Buffer) => {
      await sql.query('savepoint reset');
      const done = sql.query('select app_private.reset_password($1, $2)', [token, passwordHash]);
      await done.catch(() => sql.query('rollback to savepoint reset'));
      return done;
    };
    const refusal = { code: 'BADIN', message: /^token: / };
    const [former, present, late] = [aHash(), aHash(), aHash()];
    await create(former);
    await create(present);
    await assert.rejects(reset(former), refusal);
    await reset(present);
    assert.equal(await claimsOf(sql, session_id), undefined);
    await assert.rejects(reset(present), refusal);
    await create(late);
    await passTime(sql, '61 minutes');
    await assert.rejects(reset(late), refusal);
  }),
);

test(
  'an external identity is tied to the user of a verified address, and then known by its subject',
  inTransaction(async (sql) => {
    const id = await aUser(sql, { email: 'person@example.com' });
    const signIn = async (email: string, isVerified: boolean) => exchanged(sql, await codeFor(sql, email, isVerified));
    await assert.rejects(signIn('person@example.com', false), { code: 'AUTHN' });
    await assert.rejects(signIn('nobody@example.com', true), { code: 'AUTHN' });
    assert.equal(await signIn('Person@example.com', true), id);
    assert.equal(await signIn('moved@example.com', false), id);
    await sql.query('update app_public.users set is_disabled = true where id = $1', [id]);
    await assert.rejects(signIn('person@example.com', true), { code: 'AUTHN' });
  }),
);

test(
  'a sign-in code is good for a minute, once, and not for who was disabled meanwhile',
  inTransaction(async (sql) => {
    const id = await aUser(sql, { email: 'person@example.com' });
    const aCode = () => codeFor(sql, 'person@example.com', true);
    const [used, late, shut] = [await aCode(), await aCode(), await aCode()];
    assert.equal(await exchanged(sql, used), id);
    assert.equal(await exchanged(sql, used), undefined);
    assert.equal(await exchanged(sql, aHash()), undefined);
    await passTime(sql, '61 seconds');
    assert.equal(await exchanged(sql, late), undefined);
    await passTime(sql, '0 seconds');
    await sql.query('select app_public.set_user_disabled($1, true)', [id]);
    assert.equal(await exchanged(sql, shut), undefined);
    assert.equal((await sql.query('select from app_private.sessions')).rows.length, 0);
  }),
);

test(
  'what is over is pruned, what counts stays',
  inTransaction(async (sql) => {
    const ended = await signedIn(sql, await aUser(sql));
    await begin(sql, 'person@example.com');
    await passTime(sql, '31 days');
    const kept = await signedIn(sql, await aUser(sql));
    await begin(sql, 'person@example.com');
    const rows = () =>
      sql.query<{ id: string }>(
        'select id from app_private.sessions where id in ($1, $2) union all select gen_random_uuid() from app_private.sign_in_attempts where account = app_hidden.account_key($3)',
        [ended.session_id, kept.session_id, 'person@example.com'],
      );
    assert.equal((await rows()).rowCount, 4);
    await pruneSignIns(sql, 1_000);
    assert.equal((await rows()).rowCount, 2);
    assert.deepEqual(await claimsOf(sql, kept.session_id), kept);
  }),
);
