create or replace function app_private.link_url(p_tracking_id text, p_number integer)
returns text
language sql
stable
security definer
set search_path to pg_catalog, app_public, pg_temp
as $$
  select link_urls[p_number + 1] from app_public.sub_task_mails where tracking_id = p_tracking_id;
$$;

revoke all on function app_private.link_url(text, integer) from public;
grant execute on function app_private.link_url(text, integer) to postilion_worker, postilion_admin;
comment on function app_private.link_url(text, integer) is 'Where a tracked link leads; numbers begin at 0. Null when there is no such link.';
