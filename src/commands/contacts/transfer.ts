// What the commands that read and write files share: a workspace by its name, a file or a pipe, and the installation's database.
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { exportFile } from '../../bulk/export.ts';
import { type ImportOptions, type ImportResult, importFile } from '../../bulk/import.ts';
import { written } from '../../bulk/written.ts';
import { operator } from '../../database/as_caller.ts';
import type { Imported } from '../../database/bulk/staged_import.ts';
import { codeOf } from '../../database/error_code.ts';
import { createPool } from '../../database/pool.ts';
import { Fault } from '../../server/errors.ts';
import { openInstallation } from '../open.ts';
import { importBar, silent } from './progress.ts';
import { workspaceNamed } from './workspace_named.ts';

/** What stands for standard input and output. */
export const pipe = '-';

export type FileOptions = Pick<ImportOptions, 'what' | 'names' | 'tags' | 'delimiter' | 'isStrict'>;

/** @throws Fault */
export async function importFrom(
  path: string,
  workspace: string,
  options: FileOptions,
  isQuiet: boolean,
): Promise<ImportResult> {
  const totalBytes = path === pipe ? null : await sizeOf(path);
  return withPool(async (pool) => {
    const workspaceId = await workspaceNamed(pool, workspace);
    const progress = isQuiet ? silent : importBar(totalBytes);
    const file = path === pipe ? process.stdin : createReadStream(path, { highWaterMark: 262_144 });
    const bytesRead = () => ('bytesRead' in file ? file.bytesRead : 0);
    try {
      const onRead = (rows: number) => progress.read(bytesRead(), rows);
      return await importFile(pool, operator, () => file, { ...options, workspaceId, onRead });
    } finally {
      progress.stop();
    }
  });
}

/** @param path null: standard output. @throws Fault */
export async function exportTo(
  path: string | null,
  workspace: string,
  what: Imported,
  tag: string | null,
): Promise<void> {
  await withPool(async (pool) => {
    const workspaceId = await workspaceNamed(pool, workspace);
    const out = path === null ? process.stdout : createWriteStream(path, { flags: 'wx' });
    const broken = new Promise<never>((_, reject) => {
      out.once('error', (error) => {
        const reason = `${path ?? 'standard output'} can not be written: ${codeOf(error)}`;
        reject(new Fault('BADIN', reason, { cause: error }));
      });
    });
    const made = exportFile(pool, operator, { what, workspaceId, tag }, (piece) => written(out, piece));
    await Promise.race([broken, made]);
    if (path === null) return;
    out.end();
    await Promise.race([broken, finished(out)]);
  });
}

/** As an operator, who may everything. */
export async function withPool<T>(work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  await using opened = new AsyncDisposableStack();
  const { url, close } = await openInstallation();
  opened.defer(close);
  const pool = createPool({ connectionString: url, applicationName: 'postilion bulk', max: 1 });
  opened.defer(() => pool.end());
  // Awaited here: what was opened is let go of when this returns.
  return await work(pool);
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw new Fault('BADIN', `${path} can not be read: ${codeOf(error)}`, { cause: error });
  }
}
