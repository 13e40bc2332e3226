import type { DatabaseError } from 'pg';

/** A migration or function file that PostgreSQL refuses. The message names file, line and reason. */
export class MigrationFailed extends Error {
  override name = 'MigrationFailed';
}

/** `file:line: message (code); detail` for an error PostgreSQL raised for the text of a file. */
export function placeInFile(path: string, text: string, error: DatabaseError): string {
  const line = error.position === undefined ? '' : `:${text.slice(0, Number(error.position)).split('\n').length}`;
  const detail = error.detail === undefined ? '' : `; ${error.detail.replaceAll('\n', ', ')}`;
  return `${path}${line}: ${error.message} (${error.code})${detail}`;
}
