// Debian's Prometheus and its promtool: those that are installed, or, for root, those that apt-get installs.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { z } from 'zod';
import { eventually } from '../support/eventually.ts';
import { aFreePort } from '../support/free_port.ts';

const run = promisify(execFile);
/** Test files run beside each other, and so do their installations. */
const APT = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=1'];
const INSTALLATION_MS = 180_000;

/**
 * @returns the path of the program
 * @throws Error that says in one line what would help
 */
export async function findProgram(name: 'prometheus' | 'promtool'): Promise<string> {
  const program = installed(name) ?? (await install(name));
  if (program === undefined) throw new Error(`needs ${name}: apt-get install prometheus`);
  return program;
}

function installed(name: string): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  return directories.map((directory) => join(directory, name)).find((path) => existsSync(path));
}

async function install(name: string): Promise<string | undefined> {
  try {
    if (process.getuid?.() !== 0) throw new Error('only root may');
    await apt('update').catch(() => {});
    await apt('install', '-y', '--no-install-recommends', 'prometheus');
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : error;
    throw new Error(`needs ${name}, which could not be installed (${reason}): apt-get install prometheus`);
  }
  return installed(name);
}

async function apt(...args: string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['-qq', ...APT, ...args], { env, timeout: INSTALLATION_MS });
}

/** What promtool says; throws with it where it is not content. */
export async function promtool(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run(await findProgram('promtool'), args);
  return stdout + stderr;
}

/** What promtool has against a text of metrics; empty: nothing. */
export async function lint(metrics: string): Promise<string> {
  const program = spawn(await findProgram('promtool'), ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] });
  program.stdin.end(metrics);
  const [out, complaints] = await Promise.all([text(program.stdout), text(program.stderr)]);
  return out + complaints;
}

const answer = z.object({
  status: z.literal('success'),
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

export interface Sample {
  readonly labels: Record<string, string>;
  readonly value: number;
}

export interface Prometheus {
  query(expr: string): Promise<Sample[]>;
  stop(): Promise<void>;
}

/** A Prometheus that scrapes twice a second. @param token shown as a bearer token */
export async function aPrometheus(target: string, token: string): Promise<Prometheus> {
  const directory = await mkdtemp(join(tmpdir(), 'postilion-prometheus-'));
  const port = await aFreePort();
  await writeFile(join(directory, 'prometheus.yml'), configuration(target, token));
  const program = spawn(
    await findProgram('prometheus'),
    [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = once(program, 'exit');
  const root = `http://127.0.0.1:${port}`;
  await eventually(
    () =>
      fetch(`${root}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    (isReady) => isReady || program.exitCode !== null,
  );
  return {
    async query(expr) {
      const response = await fetch(`${root}/api/v1/query?${new URLSearchParams({ query: expr })}`);
      const { data } = answer.parse(await response.json());
      return data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
    },
    async stop() {
      program.kill('SIGTERM');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function configuration(target: string, token: string): string {
  return `
global: { scrape_interval: 500ms, evaluation_interval: 500ms }
scrape_configs:
  - job_name: postilion-server
    authorization: { credentials: "${token}" }
    static_configs: [{ targets: ["${target}"] }]
`;
}
