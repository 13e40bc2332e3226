-- Step 1 of the lock order. A Task that is made meanwhile is not seen; it names the tag as its maker knew it.
create or replace function app_hidden.lock_tasks_by_tag(p_workspace_id uuid, p_tag text)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, pg_temp
as $$
begin
  perform from app_public.tasks
    where workspace_id = p_workspace_id and status in ('draft', 'scheduled', 'failed') and p_tag = any (include_tags || exclude_tags)
    order by id for no key update;
end;
$$;

revoke all on function app_hidden.lock_tasks_by_tag(uuid, text) from public;
comment on function app_hidden.lock_tasks_by_tag(uuid, text) is 'Locks the Tasks that may still begin and choose by a tag, in id order.';
