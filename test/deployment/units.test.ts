// Promise: systemd takes our units as they are, finds them well confined, and waits for a worker longer than the worker takes to end.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { projectDir } from '../../src/database/server.ts';

const run = promisify(execFile);
const dir = join(projectDir, 'ops/systemd');
const units = (await readdir(dir)).filter((name) => name.endsWith('.service'));
const skip = existsSync('/usr/bin/systemd-analyze') ? false : 'systemd-analyze: apt-get install -y systemd';
/** systemd calls up to 2.0 "OK"; the rest is the network, which a mailer needs. */
const mostExposed = 2;

for (const unit of units) {
  test(`${unit} says nothing that systemd does not understand`, { skip }, async () => {
    // A root in which the program stands where the unit says it does.
    const root = await mkdtemp(join(tmpdir(), 'postilion-units-'));
    try {
      for (const path of ['opt', 'etc/systemd/system']) await mkdir(join(root, path), { recursive: true });
      await symlink(projectDir, join(root, 'opt/postilion'));
      const text = (await readFile(join(dir, unit), 'utf8')).replaceAll('/opt/postilion', join(root, 'opt/postilion'));
      const copy = join(root, 'etc/systemd/system', unit);
      await writeFile(copy, text);
      const { stdout, stderr } = await run('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', copy]);
      assert.equal(stdout + stderr, '');
    } finally {
      await rm(root, { recursive: true });
    }
  });

  test(`${unit} is confined`, { skip }, async () => {
    const { stdout } = await run('systemd-analyze', ['security', '--offline=true', '--no-pager', join(dir, unit)]);
    const [, exposure] = /exposure level for \S+: ([\d.]+)/.exec(stdout) ?? [];
    assert.ok(Number(exposure) <= mostExposed, `exposure ${exposure}`);
  });
}

test('a worker is given more time than it takes, and its supervisor alone is asked to end', async () => {
  const work = await readFile(join(dir, 'postilion-work.service'), 'utf8');
  const child = await readFile(join(projectDir, 'src/worker/child.ts'), 'utf8');
  const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(work) ?? [];
  const [, limit] = /stopWithinMs = ([\d_]+)/.exec(child) ?? [];
  assert.ok(Number(seconds) * 1_000 > 2 * Number(limit?.replaceAll('_', '')));
  assert.match(work, /^KillMode=mixed$/m);
});
