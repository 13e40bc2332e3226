// Promise: a return path leads back to its mail, through servers that change its case, and no address that we did not make leads anywhere.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { returnPathOf, trackingIdIn } from '../../src/rendering/return_path.ts';
import { newTrackingId } from '../../src/rendering/token.ts';

const key = randomBytes(32);
const anyMailbox = fc.constantFrom('bounces@mail.example.com', 'b+eu@example.com', `${'b'.repeat(27)}@localhost`);

test('a return path comes back as the tracking id, in any case and among other text', () => {
  fc.assert(
    fc.property(anyMailbox, fc.boolean(), (mailbox, upper) => {
      const id = newTrackingId();
      const path = returnPathOf(mailbox, key, id);
      assert.ok(path.indexOf('@') <= 64, path);
      assert.match(path, /^[a-z0-9+]+@/);
      assert.equal(trackingIdIn(`To: <${upper ? path.toUpperCase() : path}>, other@example.com`, [key]), id);
    }),
  );
});

test('any other character, key or mail is refused', () => {
  fc.assert(
    fc.property(fc.nat({ max: 35 }), fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'), (at, letter) => {
      const [, token = ''] = /\+(.+)@/.exec(returnPathOf('b@example.com', key, newTrackingId())) ?? [];
      const changed = token.slice(0, at) + letter + token.slice(at + 1);
      assert.equal(trackingIdIn(`b+${changed}@example.com`, [key]) === null, changed !== token);
    }),
    { numRuns: 2_000 },
  );
  assert.equal(trackingIdIn(returnPathOf('b@example.com', randomBytes(32), newTrackingId()), [key]), null);
});

test('one of ours is found behind those that are not', () => {
  const id = newTrackingId();
  const foreign = returnPathOf('b@example.net', randomBytes(32), newTrackingId());
  assert.equal(trackingIdIn(`${foreign} ${returnPathOf('b@example.com', key, id)}`, [key]), id);
});

test('whatever comes over the wire is answered, not thrown at', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(trackingIdIn(text, [key]), null)));
});
