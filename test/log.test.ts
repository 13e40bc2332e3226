// Promise: what is logged of an error tells which rule was broken, not whose row broke it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { projectDir } from '../src/database/server.ts';

test('the row in a database error is left out, its constraint is not', async () => {
  const script = `
    import { createLogger } from './src/log.ts';
    const err = Object.assign(new Error('refused'), { constraint: 'a_rule', detail: 'Failing row contains (a@example.com).' });
    createLogger({ LOG_LEVEL: 'info' }).error({ err, password: 'open sesame' }, 'a message');`;
  const arguments_ = ['--input-type=module', '--eval', script];
  const { stderr } = await promisify(execFile)(process.execPath, arguments_, { cwd: projectDir });
  assert.match(stderr, /a_rule/);
  assert.doesNotMatch(stderr, /example\.com|sesame/);
});
