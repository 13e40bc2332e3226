// npm run check: types, lint and format, and what is generated: the README's table of the configuration, and the
// snapshots of what a database migrated from scratch looks like.
//   --write        rewrites the snapshots
//   --no-database  leaves out those that need a database
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diff, parseArgs } from 'node:util';
import { dashboard } from '../../ops/grafana/dashboard.ts';
import { withConfigurationTable } from '../../src/config/markdown.ts';
import { keys } from '../../src/config.ts';
import { describeCatalogue } from '../../src/database/catalogue.ts';
import { createPool, withDatabase } from '../../src/database/pool.ts';
import { projectDir } from '../../src/database/server.ts';
import { printedSchema } from '../../src/server/graphql/printed_schema.ts';
import { accessMatrix } from '../access/matrix.ts';
import { documented } from '../metrics/documented.ts';
import { clientTypes } from './client_types.ts';
import { openCluster } from './cluster.ts';

interface Snapshot {
  /** In the checkout. */
  path: string;
  /** The text as it should be, from a database migrated from scratch. */
  generate(url: string): Promise<string>;
}

const snapshots: Snapshot[] = [
  { path: 'db/catalogue.md', generate: catalogue },
  { path: 'db/schema.graphql', generate: printedSchema },
  { path: 'db/access.md', generate: accessMatrix },
  // After the schema, of which it is made.
  { path: 'examples/client/schema.d.ts', generate: clientTypes },
  { path: 'docs/metrics.md', generate: async () => documented() },
  { path: 'ops/grafana/postilion.json', generate: async () => dashboard() },
];

const longestDiff = 60;

async function catalogue(url: string): Promise<string> {
  const pool = createPool({ connectionString: url, max: 1, applicationName: 'postilion check' });
  try {
    return await describeCatalogue(pool);
  } finally {
    await pool.end();
  }
}

/** Runs a tool of node_modules; true when it is content. Its complaints go to the terminal. */
function tool(name: string, ...args: string[]): Promise<boolean> {
  const command = join(projectDir, 'node_modules', '.bin', name);
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd: projectDir, stdio: 'inherit' });
    child.on('error', failed);
    child.on('exit', (code) => done(code === 0));
  });
}

async function compareAll(write: boolean): Promise<boolean> {
  const cluster = await openCluster();
  try {
    const url = withDatabase(cluster.url, cluster.template);
    let same = true;
    for (const snapshot of snapshots) same = (await compare(snapshot, url, write)) && same;
    return same;
  } finally {
    await cluster.close();
  }
}

async function compare({ path, generate }: Snapshot, url: string, write: boolean): Promise<boolean> {
  return settle(path, await readFile(join(projectDir, path), 'utf8').catch(() => ''), await generate(url), write);
}

async function configurationTable(write: boolean): Promise<boolean> {
  const present = await readFile(join(projectDir, 'README.md'), 'utf8');
  return settle('README.md', present, withConfigurationTable(present, keys.shape), write);
}

/** Whether a file is as it should be, from now on at least. */
async function settle(path: string, present: string, wanted: string, write: boolean): Promise<boolean> {
  if (present === wanted) return true;
  if (write) await writeFile(join(projectDir, path), wanted);
  else console.error(`${path} is not what it is made of; npm run check -- --write\n${shortDiff(present, wanted)}`);
  return write;
}

function shortDiff(present: string, wanted: string): string {
  const changes = diff(wanted.split('\n'), present.split('\n')).filter(([kind]) => kind !== 0);
  const lines = changes.map(([kind, line]) => `${kind < 0 ? '-' : '+'} ${line}`);
  const more = lines.length > longestDiff ? [`… ${lines.length - longestDiff} more`] : [];
  return [...lines.slice(0, longestDiff), ...more].join('\n');
}

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, 'no-database': { type: 'boolean', default: false } },
});
const checks = [tool('tsc', '-p', '.'), tool('biome', 'check', '.'), configurationTable(values.write)];
if (!values['no-database']) checks.push(compareAll(values.write));
const results = await Promise.allSettled(checks);
for (const result of results) if (result.status === 'rejected') console.error(result.reason);
process.exitCode = results.every((result) => result.status === 'fulfilled' && result.value) ? 0 : 1;
