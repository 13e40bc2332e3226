// What may be said of an error to whoever asked. The codes are described in docs/errors.md.
import pg from 'pg';

/** Something the caller asked for that can not be done. The message begins with `field: ` when one field is at fault. */
export class Fault extends Error {
  override name = 'Fault';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Refused for how often it was asked, until some seconds have passed. */
export class TooOften extends Fault {
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number) {
    super('LIMIT', `${message}; try again in ${retryAfterSeconds} s`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface PublicFault {
  code: string;
  /** Safe to show. */
  message: string;
  field: string | null;
  /** Of an HTTP answer. */
  status: number;
}

/** HTTP statuses by code. */
export const statusOf: Readonly<Record<string, number>> = {
  BADIN: 400,
  AUTHN: 401,
  FRBDN: 403,
  NTFND: 404,
  TRANS: 409,
  LEASE: 409,
  HALTD: 409,
  FROZN: 409,
  SUPPR: 409,
  LIMIT: 429,
  UNAVL: 503,
  INTNL: 500,
};

// insufficient_privilege: a column or function that was not granted, or a row that a policy keeps out. PostgreSQL's words name the table.
const noPrivilege = '42501';

/** @returns null for what nobody foresaw: it is to be logged, and shown as nothing but an internal error. */
export function publicFault(error: unknown): PublicFault | null {
  if (error instanceof Fault) return described(error.code, error.message);
  if (isUnavailable(error)) return described('UNAVL', 'the database can not be reached or is overloaded; try again');
  if (isOfNoRow(error)) return described('NTFND', 'there is nothing like that which you may delete');
  if (!(error instanceof pg.DatabaseError)) return null;
  if (error.code !== undefined && error.code in statusOf) return described(error.code, error.message);
  if (error.code === noPrivilege) return described('FRBDN', 'your role may not do that');
  const message = refusalOf(error);
  return message === null ? null : described('BADIN', message);
}

/** What Grafast's delete of a table's row says when none was found, or none that row-level security shows; its error has no code of its own. */
function isOfNoRow(error: unknown): boolean {
  return error instanceof Error && /^No values were deleted in collection '/.test(error.message);
}

function described(code: string, message: string): PublicFault {
  const field = /^([A-Za-z][\w.[\]]*): /.exec(message)?.[1] ?? null;
  return { code, message, field, status: statusOf[code] ?? 500 };
}

// SQLSTATE classes: 08 connection, 40 rollback (deadlock), 53 resources, 57 operator intervention (shutdown, statement timeout).
const unavailableClasses = new Set(['08', '40', '53', '57']);
const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE', 'ETIMEDOUT']);

/** Whether the database, not the request, is at fault, so that the same request may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof pg.DatabaseError) return unavailableClasses.has(error.code?.slice(0, 2) ?? '');
  if ('code' in error && typeof error.code === 'string') return networkCodes.has(error.code);
  return /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying)/.test(
    error.message,
  );
}

/** A constraint's refusal in the caller's words, without the values, which may be another's; null when it is no such refusal. */
function refusalOf(error: pg.DatabaseError): string | null {
  switch (error.code) {
    case '23505':
      return about(constrained(error), 'there is one with this value already');
    // "on delete restrict" has this code of its own since PostgreSQL 18.
    case '23001':
      return stillInUse(error);
    case '23503':
      return isStillReferenced(error) ? stillInUse(error) : about(constrained(error), 'it does not exist');
    case '23502':
      return about(error.column ?? null, 'a value is needed');
    case '23514':
      return namedChecks[error.constraint ?? ''] ?? about(constrained(error), 'this value is not allowed');
    default:
      return error.code?.startsWith('22') ? error.message : null;
  }
}

/** Of several columns: what PostgreSQL calls them is nobody's field. */
const namedChecks: Readonly<Record<string, string>> = {
  admin_is_not_narrowed: 'role: a token that runs the installation is a manager’s, and for every workspace',
  lifted_says_why: 'note: a value is needed',
  tags_rule_names_tags: 'includeTags: the rule "tags" needs at least one tag',
  window_is_whole: 'windowDays: days, start, end and time zone of a window are given together, or none of them',
};

function about(column: string | null, refusal: string): string {
  return column === null ? refusal : `${camelCase(column)}: ${refusal}`;
}

function stillInUse({ table }: pg.DatabaseError): string {
  return `it is still in use by ${table?.replaceAll('_', ' ')}`;
}

function isStillReferenced({ detail }: pg.DatabaseError): boolean {
  return detail?.includes('still referenced') ?? false;
}

/**
 * The column a constraint is about, by its name, <table>_<columns>_<kind>: row-level security keeps PostgreSQL from saying more. Of a key
 * with an owner's id in front, the last column is meant. Null for a constraint that was given a name of its own.
 */
function constrained({ table, constraint }: pg.DatabaseError): string | null {
  const columns = /^(\w+)_(?:key|fkey|check)$/.exec(constraint ?? '')?.[1];
  if (table === undefined || !columns?.startsWith(`${table}_`)) return null;
  return columns.slice(table.length + 1).replace(/^\w+_id_(?=\w)/, '');
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
