// Points in time. PostGraphile has them written by to_char(), a microsecond each: of a page of 50 mails an eighth of what the database does. They are
// read as PostgreSQL prints them (sessions have DateStyle ISO) and come out in the same form, so that texts can be compared.
import { listOfCodec, type PgCodec, TYPES } from 'postgraphile/@dataplan/pg';
import { type SQL, sql } from 'postgraphile/pg-sql2';

const printed = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?([+-]\d\d)(?::(\d\d))?(?::\d\d)?(?: BC)?$/;

/**
 * As ISO 8601 has it, with six digits of a second: 2026-01-31T09:30:00.000000+00:00. Of a year before the first its number alone, as with to_char().
 * @throws RangeError for what is not printed so
 */
export function isoTime(text: string): string {
  const [, day, clock, fraction = '', hours, minutes = '00'] = printed.exec(text) ?? [];
  if (day === undefined) throw new RangeError(`expected a time as PostgreSQL prints it in DateStyle ISO, got ${text}`);
  return `${day}T${clock}.${fraction.padEnd(6, '0')}${hours}:${minutes}`;
}

/** "infinity" is no time of a calendar: null, as with to_char(). */
const asText = (fragment: SQL) => sql`nullif(nullif(${sql.parens(fragment)}::text, 'infinity'), '-infinity')`;

/** In place of PostGraphile's own. */
export const timestamptz: typeof TYPES.timestamptz = {
  ...TYPES.timestamptz,
  castFromPg: asText,
  listCastFromPg: (fragment) =>
    sql`case when ${sql.parens(fragment)} is not null then array(select ${asText(sql`entry`)} from unnest(${fragment}) entry)::text end`,
  fromPg: isoTime,
};

const codecs: Readonly<Record<string, PgCodec>> = { timestamptz, _timestamptz: listOfCodec(timestamptz) };

export const TimesPlugin: GraphileConfig.Plugin = {
  name: 'PostilionTimesPlugin',
  version: '1.0.0',
  gather: {
    hooks: {
      async pgCodecs_findPgCodec(info, event) {
        const { pgType, serviceName } = event;
        const codec = codecs[pgType.typname];
        if (codec === undefined) return;
        const catalog = await info.helpers.pgIntrospection.getNamespaceByName(serviceName, 'pg_catalog');
        if (pgType.typnamespace === catalog?._id) event.pgCodec = codec;
      },
    },
  },
  schema: {
    hooks: {
      init: {
        before: ['PgCodecs'],
        callback(_, build) {
          const name = build.inflection.builtin('Datetime');
          for (const mode of ['input', 'output'] as const) build.setGraphQLTypeForPgCodec(timestamptz, mode, name);
          return _;
        },
      },
    },
  },
};
