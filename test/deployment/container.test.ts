// Promise: Dockerfile and compose.yaml name what is there: files, verbs, keys and secrets.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { projectDir } from '../../src/database/server.ts';

// It comes with graphile-worker, and without types.
const { load }: { load(text: string): unknown } = createRequire(import.meta.url)('js-yaml');

const dockerfile = await readFile(join(projectDir, 'Dockerfile'), 'utf8');
const instructions = dockerfile
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter(Boolean);

const service = z.object({
  image: z.string(),
  command: z.array(z.string()),
  secrets: z.array(z.string()),
  depends_on: z.record(z.string(), z.unknown()).default({}),
  environment: z.record(z.string(), z.string()),
});
const compose = z
  .object({ services: z.record(z.string(), service), secrets: z.record(z.string(), z.object({ file: z.string() })) })
  .parse(load(await readFile(join(projectDir, 'compose.yaml'), 'utf8')));

test('every instruction is one of Dockerfile, and what is copied is there and not left out', async () => {
  const known = /^(FROM|WORKDIR|COPY|RUN|ENV|USER|EXPOSE|ENTRYPOINT|CMD|HEALTHCHECK) /;
  for (const line of instructions) assert.match(line, /^\s+CMD |/.test(line) ? /./ : known);
  const kept = (await readFile(join(projectDir, '.dockerignore'), 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('!'));
  for (const line of instructions.filter((text) => /^COPY (?!--from)/.test(text)))
    for (const path of line.split(' ').slice(1, -1)) {
      assert.ok(existsSync(join(projectDir, path)), path);
      assert.ok(kept.includes(`!${path.split('/')[0]}`), path);
    }
});

test('all of src that the image runs is in it', () => {
  assert.match(dockerfile, /^COPY src src$/m);
  assert.match(dockerfile, /^USER \d+$/m);
  const entry = z.array(z.string()).parse(JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)?.[1] ?? ''));
  for (const path of entry) assert.ok(existsSync(join(projectDir, path)), path);
});

test('services run verbs that there are, with secrets that are declared, after services that there are', async () => {
  const cli = await readFile(join(projectDir, 'src/cli.ts'), 'utf8');
  for (const { image, command, secrets, depends_on } of Object.values(compose.services)) {
    if (image === 'postilion') assert.match(cli, new RegExp(`\\.addCommand\\(${command[0]}\\)`));
    for (const secret of secrets) assert.ok(secret in compose.secrets, secret);
    for (const other of Object.keys(depends_on)) assert.ok(other in compose.services, other);
  }
});
