import type Koa from 'koa';
import { z } from 'zod';
import { parseColumnNames } from '../../bulk/columns.ts';
import { tagList } from '../../bulk/tag_cell.ts';
import { Fault } from '../errors.ts';

// PostgreSQL keeps no U+0000.
const text = z.string().regex(/^[^\0]*$/, 'expected text without U+0000');
const list = z.union([text, z.array(text)]).transform((given) => [given].flat());
const flag = z.stringbool('expected true or false');

const forExport = z.object({ workspace: z.uuid('expected the id of a workspace'), tag: text.min(1).optional() });
const forImport = forExport.pick({ workspace: true }).extend({
  map: list.default([]),
  tags: list.default([]),
  delimiter: z.enum(['comma', 'semicolon', 'tab']).optional(),
  strict: flag.default(false),
});

/** @throws Fault BADIN naming the parameter */
export function importQuery(ctx: Koa.Context) {
  const { workspace, map, tags, delimiter, strict } = parsed(forImport, ctx.query);
  return {
    workspaceId: workspace,
    names: parseColumnNames(map),
    tags: tagList(tags),
    delimiter: delimiter ?? null,
    isStrict: strict,
  };
}

/** @throws Fault BADIN naming the parameter */
export function exportQuery(ctx: Koa.Context) {
  const { workspace, tag } = parsed(forExport, ctx.query);
  return { workspaceId: workspace, tag: tag ?? null };
}

function parsed<T extends z.ZodType>(shape: T, query: unknown): z.output<T> {
  const result = shape.safeParse(query);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Fault('BADIN', `${issue?.path.join('.')}: ${issue?.message}`);
}
