// Promise: a token we did not issue for exactly this purpose, mail and link is refused, and a token we did issue is accepted.
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { newTrackingId, signToken, type TokenKind, TokenSigner, verifyToken } from '../../src/rendering/token.ts';

const key = randomBytes(32);
const kinds: TokenKind[] = ['o', 'c', 'u'];
const anyKind = fc.constantFrom(...kinds);
const anyLink = fc.nat({ max: 99_999 });
const urlSafe = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';

test('each kind of token comes back with what was put in', () => {
  fc.assert(
    fc.property(anyKind, anyLink, (kind, link) => {
      const trackingId = newTrackingId();
      const expected = { trackingId, linkNumber: kind === 'c' ? link : null };
      assert.deepEqual(verifyToken([key], kind, signToken(key, kind, trackingId, link)), expected);
    }),
  );
});

test('any one-character change is refused', () => {
  const anyCharacter = fc.oneof(fc.constantFrom(...urlSafe), fc.string({ minLength: 1, maxLength: 1 }));
  fc.assert(
    fc.property(anyKind, anyLink, fc.nat(), anyCharacter, (kind, link, at, character) => {
      const token = signToken(key, kind, newTrackingId(), link);
      const position = at % token.length;
      const changed = token.slice(0, position) + character + token.slice(position + 1);
      assert.equal(verifyToken([key], kind, changed) === null, changed !== token);
    }),
    { numRuns: 2_000 },
  );
});

test('a character more or less is refused', () => {
  fc.assert(
    fc.property(anyKind, anyLink, fc.nat(), fc.constantFrom(...urlSafe), (kind, link, at, character) => {
      const token = signToken(key, kind, newTrackingId(), link);
      const position = at % token.length;
      assert.equal(verifyToken([key], kind, token.slice(0, position) + token.slice(position + 1)), null);
      assert.equal(verifyToken([key], kind, token.slice(0, position) + character + token.slice(position)), null);
    }),
  );
});

test('a token serves its own kind, key, mail and link only', () => {
  const id = newTrackingId();
  const opened = signToken(key, 'o', id);
  assert.equal(verifyToken([key], 'u', opened), null);
  assert.equal(verifyToken([key], 'c', opened), null);
  assert.equal(verifyToken([randomBytes(32)], 'o', opened), null);
  const [, , signature] = signToken(key, 'c', id, 7).split('.');
  assert.equal(verifyToken([key], 'c', `${id}.8.${signature}`), null);
  assert.equal(verifyToken([key], 'c', `${id}.07.${signature}`), null);
  assert.equal(verifyToken([key], 'c', `${newTrackingId()}.7.${signature}`), null);
});

test('whatever comes over the wire is answered, not thrown at', () => {
  fc.assert(
    fc.property(anyKind, fc.string({ unit: 'binary' }), (kind, text) => {
      assert.equal(verifyToken([key], kind, text), null);
    }),
  );
  assert.equal(verifyToken([key], 'o', '.'.repeat(100_000)), null);
});

test('no two links of a mail share a signature', () => {
  const id = newTrackingId();
  const signatures = Array.from({ length: 1_000 }, (_, link) => signToken(key, 'c', id, link).split('.').at(-1));
  signatures.push(signToken(key, 'o', id).split('.').at(-1), signToken(key, 'u', id).split('.').at(-1));
  assert.equal(new Set(signatures).size, 1_002);
});

test('signatures are the documented slices of HMAC-SHA-512', () => {
  const id = newTrackingId();
  const block = (n: number): Buffer => createHmac('sha512', key).update(`${id}.${n}`).digest();
  const slot = (n: number): string =>
    block(Math.floor(n / 5))
      .subarray((n % 5) * 12, (n % 5) * 12 + 12)
      .toString('base64url');
  assert.equal(signToken(key, 'o', id), `${id}.${slot(0)}`);
  assert.equal(signToken(key, 'u', id), `${id}.${slot(1)}`);
  assert.equal(signToken(key, 'c', id, 11), `${id}.11.${slot(13)}`);
});

test('a token is short and safe in an address', () => {
  assert.match(signToken(key, 'c', newTrackingId(), 3), /^[\w-]{16}\.3\.[\w-]{16}$/);
});

test('a link number that is none is the caller’s mistake', () => {
  const signer = new TokenSigner(key, newTrackingId());
  for (const number of [-1, 1.5, 100_000, Number.NaN]) assert.throws(() => signer.click(number), RangeError);
});

test('tracking ids are 16 URL-safe characters and never repeat', () => {
  const ids = Array.from({ length: 5_000 }, newTrackingId);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[\w-]{16}$/);
});
