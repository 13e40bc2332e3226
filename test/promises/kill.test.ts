// Promise: whatever worker process is killed, and whenever, no recipient is lost and none is mailed twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chaos, unmet } from './support.ts';

test('a runner, a supervisor and a whole group', async () => {
  const figures = await chaos('kill', '--recipients', '400', '--kills', '3', '--workers', '2');
  assert.equal(figures['kills']?.value, 3);
  // How fast others take over is the long form's: here the machine is the whole suite's.
  assert.deepEqual(unmet(figures, 'slowestRecoveryMs'), []);
});
