// Whether the database can be worked with: it answers, and has every migration this version needs. One that has more is a newer version's, and
// works with this one while they are exchanged.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './error_code.ts';
import { appliedMigrations } from './metrics/applied_migrations.ts';
import type { Queryable } from './pool.ts';
import { projectDir } from './server.ts';

const patienceMs = 2_000;
/** undefined_function, invalid_schema_name, insufficient_privilege on a schema without ours. */
const isBare = new Set(['42883', '3F000', '42501']);

/** Why it can not be worked with; null: it can. */
export async function databaseHindrance(db: Queryable): Promise<string | null> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(
    () => late.resolve(`the database did not answer within ${patienceMs / 1_000} s`),
    patienceMs,
  );
  return Promise.race([look(db), late.promise]).finally(() => clearTimeout(timer));
}

async function look(db: Queryable): Promise<string | null> {
  try {
    const applied = new Set(await appliedMigrations(db));
    const missing = (await needed()).filter((name) => !applied.has(name));
    return missing.length === 0 ? null : `the database lacks ${missing.join(', ')}: postilion migrate`;
  } catch (error) {
    const code = codeOf(error);
    return isBare.has(String(code))
      ? 'the database was not migrated: postilion migrate'
      : `the database does not answer (${code})`;
  }
}

let names: Promise<string[]> | undefined;

function needed(): Promise<string[]> {
  names ??= readdir(join(projectDir, 'db', 'migrations')).then((files) =>
    files.filter((file) => file.endsWith('.sql')).map((file) => file.slice(0, -'.sql'.length)),
  );
  return names;
}
