// Promise: every word by which the database says why a Task does not send, and what decides how long it takes, is one of the schema's.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildSchema, isEnumType } from 'graphql';
import { projectDir } from '../../src/database/server.ts';

const schema = buildSchema(await readFile(join(projectDir, 'db/schema.graphql'), 'utf8'));
const dir = join(projectDir, 'db/functions/forecast');
const files = await readdir(dir);
const texts = await Promise.all(files.map((file) => readFile(join(dir, file), 'utf8')));

function valuesOf(name: string): string[] {
  const type = schema.getType(name);
  assert.ok(isEnumType(type));
  return type
    .getValues()
    .map((value) => value.name)
    .sort();
}

function found(pattern: RegExp, within: readonly string[]): string[] {
  return [...new Set(within.flatMap((text) => [...text.matchAll(pattern)].map(([, word = '']) => word)))].sort();
}

test('why it does not send', () => {
  const hindrances = texts.filter((_, number) => /hindrances|why_not_sending/.test(files[number] ?? ''));
  const said = found(
    /(?:select|^ +\() ?'([a-z_]+)'(?=, (?:'|\w+\.|app_hidden|cardinality|p_service|v_ahead|format|case))/gm,
    hindrances,
  );
  // "ready" is a service that stands in nothing's way, and is told to nobody.
  assert.deepEqual(
    said.filter((word) => word !== 'ready'),
    valuesOf('HindranceReason'),
  );
  assert.deepEqual(
    found(/'(task|service|recipients)', (?:null::uuid|p_service|v_task)/g, hindrances),
    valuesOf('HindranceSubject'),
  );
});

test('what decides how long it takes', () => {
  const forecast = texts.filter((_, number) => files[number] === 'forecast_task.sql');
  const said = found(/(?:then|else|0,) '([a-z ]+)'/g, forecast).map((words) => words.replaceAll(' ', '_'));
  assert.deepEqual(said, valuesOf('ForecastLimit'));
});
