import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What people see in a terminal of 80 columns: real psql, no \x, no pager, as postilion_operator. */
export async function inPsql(url: string, statement: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    'psql',
    [
      '-X',
      '-q',
      '-v',
      'ON_ERROR_STOP=1',
      '-P',
      'columns=80',
      '-P',
      'pager=off',
      '-d',
      url,
      '-c',
      'set role postilion_operator',
      '-c',
      statement,
    ],
    { env: { ...process.env, PGCLIENTENCODING: 'UTF8', LC_ALL: 'C.UTF-8' } },
  );
  return stdout;
}
