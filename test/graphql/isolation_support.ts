// What a workspace holds, and all the ways through the schema on which it could be met.
import {
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
} from 'postgraphile/graphql';
import type { Queryable } from '../../src/database/pool.ts';
import type { Place } from '../access/scene.ts';
import { literals, type Valid } from './hostile_slots.ts';

const mark = 'zz-of-another-workspace-zz';

/** Texts of a workspace that are like another's get a mark of their own. */
export async function marked(db: Queryable, workspaceId: string): Promise<void> {
  await db.query('update app_public.workspaces set name = $2 where id = $1', [workspaceId, mark]);
  for (const [table, column] of [
    ['tasks', 'name'],
    ['senders', 'display_name'],
    ['templates', 'subject'],
    ['contacts', 'name'],
    ['alerts', 'message'],
  ])
    await db.query(`update app_public.${table} set ${column} = $2 where workspace_id = $1`, [workspaceId, mark]);
}

/** The mark, every id and every address of one place that is not of the other too. */
export async function tracesOf(db: Queryable, place: Place, other: Place): Promise<string[]> {
  const [own, others] = [await wordsOf(db, place), await wordsOf(db, other)];
  return [mark, ...own].filter((word) => !others.has(word));
}

// A partitioned table's rows go by their SubTask; everything else names its workspace, its Task, or is one of those.
async function wordsOf(db: Queryable, place: Place): Promise<Set<string>> {
  const { rows: tables } = await db.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'app_public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attname in ('workspace_id', 'task_id')
      group by c.relname`,
  );
  const words = new Set<string>(Object.values(place));
  for (const { name, columns } of tables) {
    const column = columns.includes('workspace_id') ? 'workspace_id' : 'task_id';
    const scope = column === 'workspace_id' ? '$1' : '(select id from app_public.tasks where workspace_id = $1)';
    const { rows } = await db.query<{ row: string }>(
      `select t::text as row from app_public.${name} t where ${column} in (${scope})`,
      [place.workspaceId],
    );
    for (const { row } of rows) for (const [word] of row.matchAll(significant)) words.add(word);
  }
  return words;
}

const significant = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w.-]+@[\w.-]+/g;

const depth = 4;
const pageSize = 20;

/** A query for each field of Query, with everything that is to be had below it. */
export function walksOf(schema: GraphQLSchema, valid: Valid): string[] {
  const query = schema.getQueryType();
  if (!query) throw new Error('the schema has no queries');
  return Object.keys(query.getFields()).map((name) => `{ ${walk(query, depth, valid, name)} }`);
}

/** Pages cost no depth: a list and its rows are one step. */
function walk(type: GraphQLObjectType, left: number, valid: Valid, only?: string): string {
  const fields = Object.values(type.getFields()).filter(({ name }) => only === undefined || name === only);
  const chosen = fields.map((field) => {
    const below = getNamedType(field.type);
    const args = argsOf(field, valid);
    if (!isObjectType(below)) return `${field.name}${args}`;
    const rows = below.getFields()['nodes'];
    if (left === 0) return '';
    if (rows === undefined) return `${field.name}${args} { ${walk(below, left - 1, valid)} }`;
    const row = getNamedType(rows.type);
    if (!isObjectType(row)) return '';
    const total = 'totalCount' in below.getFields() ? 'totalCount' : '';
    return `${field.name}${args} { ${total} nodes { ${walk(row, left - 1, valid)} } }`;
  });
  return [...chosen, '__typename'].filter(Boolean).join(' ');
}

type Field = Parameters<typeof literals>[0];

function argsOf(field: Field, valid: Valid): string {
  const needed = literals(field, valid);
  const isList = isObjectType(getNamedType(field.type)) && !isListType(getNullableType(field.type));
  const isPaged = isList && field.args.some(({ name }) => name === 'first');
  if (!isPaged) return needed;
  return needed === '' ? `(first: ${pageSize})` : needed.replace(/\)$/, `, first: ${pageSize})`);
}
