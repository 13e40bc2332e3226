-- Appended, as statements do: a difference is right whatever is counted or folded meanwhile, a total would undo it. A state's difference
-- is mails that came into it from nowhere; the counters of events stand together in one line that moves no mail.
create or replace function app_hidden.mend_counters(p_task_id uuid, p_differences jsonb)
returns void
language sql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with nothing as (
    select jsonb_object_agg(attname, 0) as line
      from pg_attribute
     where attrelid = 'app_hidden.task_counter_changes'::regclass and attnum > 0 and not attisdropped and atttypid in ('integer'::regtype, 'double precision'::regtype)
  ), differences as (
    select key, value, key = any (enum_range(null::app_public.sub_task_status)::text[]) as is_state from jsonb_each(p_differences)
  ), lines as (
    select jsonb_build_object('to_status', key, 'mails', value) as line from differences where is_state
    union all
    select jsonb_object_agg(key, value) from differences where not is_state having count(*) > 0
  )
  insert into app_hidden.task_counter_changes overriding system value
  select mended.*
    from lines
   cross join nothing
   cross join lateral jsonb_populate_record(null::app_hidden.task_counter_changes, nothing.line || lines.line || jsonb_build_object(
     'id', nextval(pg_get_serial_sequence('app_hidden.task_counter_changes', 'id')), 'task_id', p_task_id)) as mended;
$$;

revoke all on function app_hidden.mend_counters(uuid, jsonb) from public;
comment on function app_hidden.mend_counters(uuid, jsonb) is 'Adds differences to a Task''s counters, given by their names.';
