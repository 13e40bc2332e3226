// Promise: a step of a request that is over holds nothing any more, however it ended.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config.ts';
import { LetGoPlugin } from '../../src/server/graphql/let_go.ts';
import { schemaPreset } from '../../src/server/graphql/preset.ts';

for (const [name, around] of Object.entries({
  ...LetGoPlugin.grafserv?.middleware,
  ...LetGoPlugin.grafast?.middleware,
}))
  test(`${name} forgets what it was told of, and answers`, async () => {
    const event = { args: 'of a request' };
    const answered: unknown = await Reflect.apply(Object(around), null, [async () => event.args, event]);
    assert.deepEqual([answered, event], ['of a request', {}]);

    const failing = { args: 'of a request' };
    const fail = () => Promise.reject(new Error('as it happens'));
    await assert.rejects(Reflect.apply(Object(around), null, [fail, failing]), { message: 'as it happens' });
    assert.deepEqual(failing, {});
  });

test('it is around all other plugins', () => {
  assert.equal(schemaPreset(loadConfig({})).plugins?.[0], LetGoPlugin);
});
