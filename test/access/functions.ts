// What becomes of every function of app_public when somebody calls it, with ids of one workspace or another.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Queryable } from '../../src/database/pool.ts';
import { one } from '../support/scene.ts';
import { type Asker, as, type Place } from './scene.ts';

export interface PublicFunction {
  /** With the types of its arguments. */
  signature: string;
  name: string;
  /** Those it must be given, and every id. */
  parameters: { name: string; type: string }[];
}

/** Where a function's argument is not what its name says everywhere. */
const ofFunction: Readonly<Record<string, Record<string, (place: Place) => unknown>>> = {
  // Changed only before they begin.
  add_task_file: { p_task_id: ({ draftId }) => draftId },
  delete_task: { p_task_id: ({ draftId }) => draftId },
  schedule_task: { p_task_id: ({ draftId }) => draftId },
  set_template_weight: { p_task_id: ({ draftId }) => draftId },
  // A series has an end.
  statistics_series: { p_until: () => '2000-01-02' },
  update_task: { p_task_id: ({ draftId }) => draftId },
  // Suppressed in every place.
  lift_suppression: { p_email: () => 'gone@example.com' },
};

/** What an argument is called says what it is. A name that is new here must be entered, so that its function is tried. */
const byName: Readonly<Record<string, (place: Place) => unknown>> = {
  p_workspace_id: ({ workspaceId }) => workspaceId,
  p_task_id: ({ taskId }) => taskId,
  p_sub_task_id: ({ uncertainId }) => uncertainId,
  p_task_file_id: ({ fileId }) => fileId,
  p_contact_id: ({ contactId }) => contactId,
  p_sender_id: ({ senderId }) => senderId,
  p_template_id: ({ templateId }) => templateId,
  p_template_ids: ({ templateId }) => [templateId],
  p_contact_ids: ({ contactId }) => [contactId],
  p_email_service_id: ({ serviceId }) => serviceId,
  p_service_id: ({ serviceId }) => serviceId,
  p_user_id: ({ memberId }) => memberId,
  p_api_token_id: ({ tokenId }) => tokenId,
  p_alert_id: ({ alertId }) => alertId,
  // The installation's, an admin's alone.
  p_alert_channel_id: ({ alertId }) => alertId,
  p_email: () => 'nobody@example.com',
  p_name: () => 'a name',
  p_tag: () => 'a tag',
  p_note: () => 'a note',
  p_role: () => 'viewer',
  p_contacts: () => '[]',
  p_content_type: () => 'text/plain',
  p_content_base64: () => 'QQ==',
  p_was_sent: () => true,
  p_days: () => 1,
  p_since: () => '2000-01-01',
  p_until: () => '2100-01-01',
  p_step: () => 'hour',
  p_kind: () => 'counters',
  p_plan_hash: () => 'of no plan',
  p_weight: () => 2,
  p_is_enabled: () => true,
  p_is_disabled: () => true,
  p_is_admin: () => true,
};

/** Rows that computed fields are given, by their table. */
const idOfRow: Readonly<Record<string, (place: Place) => string>> = {
  p_task: ({ taskId }) => taskId,
  p_email_service: ({ serviceId }) => serviceId,
  p_workspace: ({ workspaceId }) => workspaceId,
};

export async function publicFunctions(db: Queryable): Promise<PublicFunction[]> {
  const { rows } = await db.query<PublicFunction>(
    `select p.proname as name, p.proname || '(' || oidvectortypes(proargtypes) || ')' as signature,
            (select coalesce(json_agg(json_build_object('name', proargnames[n], 'type', format_type(proargtypes[n - 1], null)) order by n), '[]')
               from generate_series(1, pronargs) n
              where n <= pronargs - pronargdefaults or proargnames[n] ~ '_ids?$') as parameters
       from pg_proc p
      where p.pronamespace = 'app_public'::regnamespace and prorettype <> 'trigger'::regtype
        and not exists (select from pg_depend where objid = p.oid and deptype = 'e')
      order by p.proname collate "C"`,
  );
  return rows;
}

/** A place that is nowhere: its ids are made up. */
export function nowhere(place: Place): Place {
  const unknown = { ...place };
  for (const [name, value] of Object.entries(place))
    Object.assign(unknown, { [name]: isId(value) ? randomUUID() : value });
  return unknown;
}

const isId = (value: unknown) => typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value);

/** yes, nothing (no row, or null), 403, 404, or '' where the role may not execute it. */
export async function outcome(db: Queryable, called: PublicFunction, asker: Asker, place: Place): Promise<string> {
  if (!(await mayExecute(db, called, asker))) return '';
  const { text } = await call(db, called, asker, place);
  return text;
}

/** The same, with the words of a refusal or the rows of an answer, in which the place's ids are named by what they are. */
export async function call(
  db: Queryable,
  called: PublicFunction,
  asker: Asker,
  place: Place,
): Promise<{ text: string; words: string }> {
  const values = await Promise.all(called.parameters.map((parameter) => argument(db, called, parameter, place)));
  const list = called.parameters.map(({ name, type }, number) => `${name} => $${number + 1}::${type}`).join(', ');
  return as(db, asker, async () => {
    try {
      const { rows } = await db.query<{ answer: string | null }>(
        `select app_public.${called.name}(${list})::text as answer`,
        values,
      );
      const answers = rows.map(({ answer }) => answer).filter((answer) => answer !== null);
      return { text: answers.length === 0 ? 'nothing' : 'yes', words: nameless(answers.join('\n'), place) };
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      return { text: told(error), words: nameless(error.message, place) };
    }
  });
}

export async function mayExecute(db: Queryable, { signature }: PublicFunction, asker: Asker): Promise<boolean> {
  return one(db, `select has_function_privilege($1, $2, 'execute')`, [asker.databaseRole, `app_public.${signature}`]);
}

function told(error: pg.DatabaseError): string {
  if (error.code === 'FRBDN') return '403';
  if (error.code === 'NTFND') return '404';
  // It was let in: what it says is about what was asked.
  if (['BADIN', 'TRANS'].includes(error.code ?? '')) return 'yes';
  throw error;
}

// Ids by what they are; new ids and times, which differ from call to call, by nothing.
function nameless(words: string, place: Place): string {
  return Object.entries(place)
    .reduce((text, [name, value]) => text.replaceAll(value, `<${name}>`), words)
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:[\d.]+\+\d\d(:\d\d)?/g, '<time>');
}

async function argument(
  db: Queryable,
  called: PublicFunction,
  { name, type }: PublicFunction['parameters'][number],
  place: Place,
): Promise<unknown> {
  const idOf = idOfRow[name];
  if (idOf !== undefined) return aRow(db, type, idOf(place));
  const value = ofFunction[called.name]?.[name] ?? byName[name];
  if (value === undefined) throw new Error(`${called.signature}: say in test/access/functions.ts what ${name} is`);
  return value(place);
}

/** A row as text; of an unknown id one that is made up from another. */
async function aRow(db: Queryable, table: string, id: string): Promise<string> {
  const { rows } = await db.query<{ row: string }>(
    `select jsonb_populate_record(t, jsonb_build_object('id', $1::uuid))::text as row from ${table} t order by t.id = $1 desc limit 1`,
    [id],
  );
  return rows[0]?.row ?? '';
}
