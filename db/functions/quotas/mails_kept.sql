-- In a Task that is over, what waits or is only claimed is cancelled sooner or later, and what could not be rendered is never tried again.
-- One statement, hence one snapshot.
create or replace function app_hidden.mails_kept(p_task_id uuid)
returns integer
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select (c.sending + c.sent + c.delivered + c.opened + c.clicked + c.bounced + c.uncertain + c.failed - (
           select count(*) from app_public.sub_tasks where task_id = p_task_id and phase = 'failed' and error_code = 'rendering'))::integer
    from app_hidden.counters_of(p_task_id) as c;
$$;

revoke all on function app_hidden.mails_kept(uuid) from public;
comment on function app_hidden.mails_kept(uuid) is
  'How many mails of a Task that is over count against its workspace''s quota: those that a provider got, or may have got, or refused for good.';
