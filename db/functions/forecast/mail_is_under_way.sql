-- Asked only when the counters know of such a row, so the probe never searches for one in vain.
create or replace function app_hidden.mail_is_under_way(p_task_id uuid, p_now timestamptz)
returns boolean
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select coalesce((select allocated + sending > 0 from app_hidden.counters_of(p_task_id)) and (
    select true from app_public.sub_tasks
     where task_id = p_task_id and phase = 'under_way' and lease_expires_at > p_now
     order by task_id
     limit 1), false);
$$;

revoke all on function app_hidden.mail_is_under_way(uuid, timestamptz) from public;
comment on function app_hidden.mail_is_under_way(uuid, timestamptz) is 'Whether a worker holds a mail of a Task under a live lease.';
