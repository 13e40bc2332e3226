// Promise: every process of an installation derives the same keys, and what they seal opens with no other key, for no other row.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { SealBroken, seal, unseal } from '../../src/database/sealed.ts';
import { loadSecret } from '../../src/database/secret.ts';
import { DatabaseUnusable } from '../../src/database/unusable.ts';

async function withDir(work: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'postilion-secret-'));
  try {
    await work(dir);
  } finally {
    await rm(dir, { recursive: true });
  }
}

test('ten starts at once agree on one secret, which only its owner may read', () =>
  withDir(async (dir) => {
    const dataDir = join(dir, 'not', 'there', 'yet');
    const secrets = await Promise.all(Array.from({ length: 10 }, () => loadSecret({}, dataDir)));
    for (const secret of secrets) assert.deepEqual(secret, secrets[0]);
    assert.deepEqual(await loadSecret({}, dataDir), secrets[0]);
    assert.deepEqual(await readdir(dataDir), ['secret']);
    assert.equal((await stat(join(dataDir, 'secret'))).mode & 0o777, 0o600);
  }));

test('POSTILION_SECRET decides alone, and gives different keys of 32 bytes', () =>
  withDir(async (dir) => {
    const config = { POSTILION_SECRET: 'thirty-two characters or a few more' };
    const secret = await loadSecret(config, dir);
    const keys = Object.values(secret).map((key: Buffer) => key.toString('hex'));
    assert.deepEqual(
      keys.map(({ length }) => length),
      [64, 64, 64],
    );
    assert.equal(new Set(keys).size, keys.length);
    assert.deepEqual(await loadSecret(config, '/nowhere'), secret);
    assert.deepEqual(await readdir(dir), []);
  }));

test('a directory that can not be written is named, with the way out', () =>
  withDir(async (dir) => {
    await assert.rejects(loadSecret({}, '/proc/1/postilion'), (error) => {
      assert.ok(error instanceof DatabaseUnusable);
      assert.match(
        error.message,
        /^the secret \/proc\/1\/postilion\/secret can not be kept \(\w+\); set POSTILION_SECRET$/,
      );
      return true;
    });
    assert.deepEqual(await readdir(dir), []);
  }));

test('a sealed object opens with its key and its row, and shows nothing of itself', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.string(), fc.jsonValue(), (key, aad, object) => {
      assert.deepEqual(
        unseal(Buffer.from(key), aad, seal(Buffer.from(key), aad, object)),
        JSON.parse(JSON.stringify(object)),
      );
    }),
  );
  const key = randomBytes(32);
  const sealed = seal(key, 'service', { apiKey: 'a very long secret' });
  assert.ok(!sealed.includes('secret'));
  assert.notDeepEqual(sealed, seal(key, 'service', { apiKey: 'a very long secret' }));
});

test('another key, another row, or a changed byte: it does not open, and says why', () => {
  const key = randomBytes(32);
  const sealed = seal(key, 'service', { apiKey: 'x' });
  assert.throws(() => unseal(randomBytes(32), 'service', sealed), /another POSTILION_SECRET/);
  assert.throws(() => unseal(key, 'other service', sealed), SealBroken);
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => unseal(key, 'service', changed), SealBroken);
  }
  for (let length = 0; length < sealed.length; length++) {
    assert.throws(() => unseal(key, 'service', sealed.subarray(0, length)), SealBroken);
  }
});
