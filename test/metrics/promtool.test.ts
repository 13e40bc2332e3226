// Promise: what ops/prometheus holds can be given to a Prometheus as it is, and each alert fires when it should.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectDir } from '../../src/database/server.ts';
import { promtool } from './prometheus.ts';

const file = (name: string) => join(projectDir, 'ops/prometheus', name);

test('promtool reads the configuration, with its rules', async () => {
  assert.match(await promtool('check', 'config', file('prometheus.yml')), /prometheus\.yml is valid/);
  assert.match(await promtool('check', 'rules', file('rules.yml')), /SUCCESS: \d+ rules found/);
});

test('the rules fire on what they are for, and are silent while all is well', async () => {
  assert.match(await promtool('test', 'rules', file('rules_test.yml')), /SUCCESS/);
});
