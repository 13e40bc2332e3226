#!/usr/bin/env node
// The launcher for an installed package: runs the program on the Node that came along, or on this one when it is new enough.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const brought = [join(root, 'node_modules/.bin/node'), join(root, '../.bin/node')].find((path) => existsSync(path));
const child = spawn(brought ?? process.execPath, [join(root, 'src/cli.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => (signal === null ? process.exit(code ?? 1) : process.kill(process.pid, signal)));
