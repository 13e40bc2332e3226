create or replace function app_hidden.tasks_to_blame(p_parts jsonb, p_key text, p_of text[])
returns jsonb
language sql
immutable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  with part as (
    select p ->> 'taskId' as task_id, (p ->> p_key)::numeric as bad, (select sum((p ->> of)::numeric) from unnest(p_of) as of) as of
      from jsonb_array_elements(p_parts) as p
  ), whole as (
    select sum(bad) / nullif(sum(of), 0) as rate, max(bad) as most from part
  )
  select coalesce(jsonb_agg(task_id order by bad desc, task_id), '[]')
    from part, whole
   where bad > 0 and (bad = most or bad >= rate * of);
$$;

revoke all on function app_hidden.tasks_to_blame(jsonb, text, text[]) from public;
comment on function app_hidden.tasks_to_blame(jsonb, text, text[]) is
  'The Tasks that did the most harm, and those no better than all together, the worst first: a list of ids.';
