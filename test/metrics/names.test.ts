// Promise: rules, dashboard and documentation speak of metrics that exist, under names that Prometheus's conventions know; every alert says what to
// do, and is tried.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { dashboard, expressions } from '../../ops/grafana/dashboard.ts';
import { projectDir } from '../../src/database/server.ts';
import { mostServices, otherService, SendMeters } from '../../src/metrics/send_meters.ts';
import { documented } from './documented.ts';
import { everyMetric } from './every_metric.ts';

const metrics = everyMetric();
const own = metrics.filter(({ name }) => name.startsWith('postilion_'));
const text = (path: string) => readFile(join(projectDir, path), 'utf8');
const rules = await text('ops/prometheus/rules.yml');
const ruleTests = await text('ops/prometheus/rules_test.yml');

/** The series a metric has. */
const series = new Set(
  metrics.flatMap(({ name, type }) =>
    type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name],
  ),
);
const recorded = new Set([...rules.matchAll(/- record: (\S+)/g)].map(([, name = '']) => name));
const alerts = [...rules.matchAll(/- alert: (\w+)\n([\s\S]*?)(?=\n {6}- |\n\n|$)/g)].map(
  ([, name = '', rest = '']) => ({
    name,
    rest,
  }),
);

function unknown(promql: string): string[] {
  const named = promql.match(/\b(?:postilion|process|nodejs)[_:][a-z0-9_:]+/g) ?? [];
  return named.filter((name) => !series.has(name) && !recorded.has(name));
}

test('rules and their tests speak of what there is', () => {
  const spoken = rules.replaceAll(/^ *(summary|description): .*$/gm, '');
  assert.deepEqual(unknown(spoken), []);
  assert.deepEqual(unknown(ruleTests.replaceAll(/^ *(summary|description): .*$/gm, '')), []);
});

test('so does the dashboard; between the two everything is looked at', () => {
  const shown = expressions();
  assert.deepEqual(shown.flatMap(unknown), []);
  const everything = `${shown.join('\n')}\n${rules}`;
  const unseen = own.filter(({ name }) => !everything.includes(name)).map(({ name }) => name);
  assert.deepEqual(unseen, []);
});

test('names follow the conventions', () => {
  for (const { name, type, help } of own) {
    assert.match(name, /^postilion_[a-z][a-z0-9_]*$/);
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    assert.doesNotMatch(name, /_(ms|milliseconds|minutes|hours|days|kb|mb|percent)(_|$)/);
    if (type === 'histogram') assert.match(name, /_seconds$/);
    assert.match(help, /\.$/, name);
  }
});

test('no label could grow without bound', () => {
  const known =
    'service outcome class pace task kind strategy why source pool state version age handler what severity runner';
  const labels = new Set(own.flatMap((metric) => metric.labels));
  assert.deepEqual(
    [...labels].filter((label) => !known.split(' ').includes(label)),
    [],
  );
});

test('services beyond a number share a label', async () => {
  const registry = new Registry();
  const meters = new SendMeters(registry);
  for (let number = 0; number < mostServices + 5; number += 1)
    meters.of(`id ${number}`, `s${number}`).cameTo('accepted');
  const { values } = (await registry.getMetricsAsJSON()).find(({ name }) => name === 'postilion_sends_total') ?? {
    values: [],
  };
  const accepted = values.filter(({ labels }) => labels['outcome'] === 'accepted');
  assert.equal(accepted.length, mostServices + 1);
  assert.equal(accepted.find(({ labels }) => labels['service'] === otherService)?.value, 5);
});

test('every alert has a severity, a summary and what to do, and is tried', () => {
  assert.ok(alerts.length > 25);
  for (const { name, rest } of alerts) {
    assert.match(rest, /severity: (warning|critical)/, name);
    assert.match(rest, /summary: "[^"]{10,}"/, name);
    assert.match(rest, /description: "[^"]{40,}[.?]"/, name);
    assert.match(
      ruleTests,
      new RegExp(`alertname="${name}"}', value: 1|alertname: ${name}\\b`),
      `${name} is not tried`,
    );
  }
});

test('what is generated is what is committed', async () => {
  assert.equal(await text('ops/grafana/postilion.json'), dashboard());
  assert.equal(await text('docs/metrics.md'), documented());
});
