// Promise: a field takes whatever comes and gives what can be used of it; a repeat has the same key, another event another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dedupeKey } from '../../src/providers/dedupe_key.ts';
import { objectsIn } from '../../src/providers/webhook_body.ts';
import { address, flag, id, part, text, time } from '../../src/providers/webhook_fields.ts';
import { WebhookParseError } from '../../src/providers/webhook_source.ts';

test('times are read in every form that providers write, and nonsense is none', () => {
  const forms = {
    1461095246: '2016-04-19T19:47:26.000Z',
    '1454442600': '2016-02-02T19:50:00.000Z',
    '1534108637.153125': '2018-08-12T21:17:17.153Z',
    '1454442600123': '2016-02-02T19:50:00.123Z',
    '2016-04-27T16:28:50.3963933-04:00': '2016-04-27T20:28:50.396Z',
    '2018-10-11T23:24:45.000+00:00': '2018-10-11T23:24:45.000Z',
    '2022-06-05T17:17:32': '2022-06-05T17:17:32.000Z',
    '2022-06-05 17:17:32 +0530': '2022-06-05T11:47:32.000Z',
    '2025-12-29 19:22:57.316919+00': '2025-12-29T19:22:57.316Z',
  };
  for (const [given, read] of Object.entries(forms)) assert.equal(time.parse(given), read, given);
  for (const nonsense of [
    undefined,
    null,
    '',
    'yesterday',
    '2022-06-05',
    '2022-06-05T17:17:32 o’clock',
    '2022-99-99T17:17:32Z',
    '0',
    12,
    -1_461_095_246,
    1e300,
    '1900-01-01T00:00:00Z',
    '9999-01-01T00:00:00Z',
    {},
    [],
  ]) {
    assert.equal(time.parse(nonsense), null, JSON.stringify(nonsense));
  }
});

test('text is cut to what can be kept', () => {
  assert.equal(text.parse('  said \u0000so '), 'said so');
  assert.equal(text.parse('é'.repeat(500))?.length, 250);
  assert.equal(text.parse(550), '550');
  for (const none of ['', ' ', null, undefined, {}, [], true]) assert.equal(text.parse(none), null);
});

test('an address is one, bare or behind a name', () => {
  for (const one of [' Reader@Example.COM', '<reader@example.com>', 'A Reader <Reader@example.com>'])
    assert.equal(address.parse(one), 'reader@example.com', one);
  assert.equal(address.parse('"Reader, A." <reader@example.com>'), 'reader@example.com');
  for (const none of ['reader', 'a@example.com, b@example.com', 'A <a@example.com>, B <b@example.com>', '@', null])
    assert.equal(address.parse(none), null, String(none));
});

test('a missing part is one whose fields are missing', () => {
  const nested = part({ one: part({ two: id, yes: flag }) });
  for (const value of [undefined, null, 1, [], {}, { one: 'text' }]) {
    assert.deepEqual(nested.parse(value), { one: { two: null, yes: false } });
  }
  assert.deepEqual(nested.parse({ one: { two: 7, yes: 'true' } }), { one: { two: '7', yes: true } });
});

test('the objects of a body are those of an array or itself', () => {
  const objects = (content: string) => objectsIn(Buffer.from(content));
  assert.deepEqual(objects('[{"a":1},2,null,[{"b":1}],"x",{"c":1}]'), [{ a: 1 }, { c: 1 }]);
  assert.deepEqual(objects('\uFEFF {"a":1}\n'), [{ a: 1 }]);
  assert.deepEqual(objects(' \n'), []);
  for (const wrong of ['null', '1', '"text"', '{', 'a=1&b=2', '[1']) {
    assert.throws(() => objects(wrong), WebhookParseError, wrong);
  }
});

test('a key is readable while it is short, and the whole event stands in for a missing part', () => {
  assert.equal(dedupeKey(['open', 'id'], {}), 'open id');
  assert.equal(dedupeKey(['x'.repeat(250)], {}).length, 250);
  assert.match(dedupeKey(['x'.repeat(251)], {}), /^sha256:[0-9a-f]{64}$/);
  const incomplete = (raw: Record<string, unknown>) => dedupeKey(['open', null], raw);
  assert.equal(incomplete({ a: 1 }), incomplete({ a: 1 }));
  assert.notEqual(incomplete({ a: 1 }), incomplete({ a: 2 }));
});

test('an event nested too deeply to be written out has a key all the same', () => {
  const deep = (name: string) => {
    const [raw] = objectsIn(Buffer.from(`{"name":"${name}","deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`));
    assert.ok(raw);
    return dedupeKey([null], raw);
  };
  assert.equal(deep('a'), deep('a'));
  assert.notEqual(deep('a'), deep('b'));
});
