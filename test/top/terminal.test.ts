// Promise: `postilion top` on a real terminal ends by q, Ctrl-C or a signal, gives the terminal back, and where nobody watches prints one frame; so does `report`.
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { childEnvironment } from '../../src/config.ts';
import { readTop, top } from '../../src/database/reports/read_top.ts';
import { report } from '../../src/database/reports/report.ts';
import { projectDir } from '../../src/database/server.ts';
import { aHistory } from '../reports/scene.ts';
import { workerEnvironment } from '../support/campaign.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { aClaim } from '../support/scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
  const { south } = await aHistory(database.pool, { days: 16 });
  await aClaim(database.pool, south, 15);
});
after(() => database.close());

const cli = join(projectDir, 'src/cli.ts');
const environment = () => ({
  ...childEnvironment({ ...workerEnvironment, DATABASE_URL: database.url }),
  NO_COLOR: '1',
  TERM: 'xterm',
});
const run = (...args: string[]) => promisify(execFile)(process.execPath, [cli, ...args], { env: environment() });

const taken = '\u001b[?1049h';
const cleared = '\u001b[2J';
const left = '\u001b[?25h\u001b[?1049l';

interface Terminal {
  readonly child: ChildProcessWithoutNullStreams;
  readonly seen: () => string;
}

/** In a pseudo terminal, by util-linux's script, which every Debian and most of the others have. It prints its pid, then is the command. */
function onTerminal(...args: string[]): Terminal {
  const command = `stty cols 80 rows 24; echo pid $$; exec ${[process.execPath, cli, ...args].join(' ')}`;
  const child = spawn('script', ['-qefc', command, '/dev/null'], { env: environment() });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  return { child, seen: () => output };
}

async function drawn(terminal: Terminal): Promise<void> {
  await eventually(
    async () => terminal.seen(),
    (seen) => /SERVICE[\s\S]*TASK/.test(seen),
  );
}

describe('on a terminal', { concurrency: true }, () => {
  const endings: Record<string, (terminal: Terminal) => unknown> = {
    q: ({ child }) => child.stdin.write('q'),
    'Ctrl-C': ({ child }) => child.stdin.write('\u0003'),
    SIGTERM: ({ seen }) => process.kill(Number(/pid (\d+)/.exec(seen())?.[1]), 'SIGTERM'),
  };
  for (const [name, end] of Object.entries(endings))
    test(`${name} ends it, and the terminal is as it was`, async () => {
      const terminal = onTerminal('top', '--interval', '0.2');
      await drawn(terminal);
      const exit = once(terminal.child, 'exit');
      end(terminal);
      assert.deepEqual(await exit, [0, null]);
      const seen = terminal.seen();
      assert.ok(seen.includes(taken));
      assert.ok(seen.trimEnd().endsWith(left), JSON.stringify(seen.slice(-80)));
      assert.equal(seen.split(left).length, 2);
      assert.ok(!seen.includes(cleared));
    });

  test('a wrong address is said on the screen that stays', async () => {
    const env = { ...environment(), DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' };
    const { stdout } = await promisify(execFile)('script', ['-qefc', `${process.execPath} ${cli} top`, '/dev/null'], {
      env,
    }).catch(({ stdout }: { stdout: string }) => ({ stdout }));
    assert.match(stdout, /postilion: .*no PostgreSQL answers/);
    assert.ok(!stdout.includes(taken));
  });
});

describe('where nobody watches', { concurrency: true }, () => {
  test('top prints one frame of text', async () => {
    const { stdout } = await run('top');
    assert.match(stdout, /^postilion top {3}NO WORKER/);
    assert.match(stdout, /^south +sending .* 15\/20 +15\/50\.0k/m);
    assert.ok(!stdout.includes('\u001b') && stdout.split('\n').every((line) => line.length <= 80));
  });

  test('top --json is one object', async () => {
    const { stdout } = await run('top', '--json');
    const seen = top.parse(JSON.parse(stdout));
    assert.deepEqual(seen.services.map(({ name }) => name).sort(), ['east', 'north', 'south']);
    assert.equal(seen.tasks[0]?.left, 400);
    assert.deepEqual(
      seen.services,
      (await readTop(database.pool)).services.map((service, index) => ({
        ...service,
        nextInMs: seen.services[index]?.nextInMs ?? null,
      })),
    );
  });

  test('report, in each form', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'postilion-report-'));
    const file = join(directory, 'week.html');
    try {
      const [text, markdown, json, html] = await Promise.all([
        run('report'),
        run('report', 'day', '--format', 'md'),
        run('report', 'month', '--json'),
        run('report', '--format', 'html', '--out', file, '--timezone', 'Asia/Tokyo'),
      ]);
      assert.match(text.stdout, /^Postilion: [\s\S]*! south refuses more[\s\S]*\nServices\n[\s\S]*\nCapacity\n/);
      assert.ok(text.stdout.split('\n').every((line) => line.length <= 80));
      assert.match(markdown.stdout, /^# Postilion: /);
      const { findings, ...numbers } = JSON.parse(json.stdout);
      assert.equal(report.parse(numbers).days, 30);
      assert.ok(findings.length > 2);
      assert.equal(html.stdout, '');
      assert.match(await readFile(file, 'utf8'), /^<!doctype html>/);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test('what can not be asked is refused in words', () =>
    assert.rejects(
      run('report', '--from', '2026-02-30'),
      ({ code, stderr }: { code: number; stderr: string }) => code === 1 && /--from: expected a day/.test(stderr),
    ));
});
