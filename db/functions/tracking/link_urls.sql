-- A session may plan this while the table is empty, and keep the plan: hence no sequential scan, whatever the statistics say.
create or replace function app_private.link_urls(p_tracking_ids text[], p_numbers integer[])
returns text[]
language sql
stable
security definer
set search_path to pg_catalog, app_public, pg_temp
set enable_seqscan to off
as $$
  select array(
    select (select m.link_urls[asked.number + 1] from app_public.sub_task_mails m where m.tracking_id = asked.tracking_id)
      from unnest(p_tracking_ids, p_numbers) with ordinality as asked (tracking_id, number, place)
     order by asked.place);
$$;

revoke all on function app_private.link_urls(text[], integer[]) from public;
grant execute on function app_private.link_urls(text[], integer[]) to postilion_worker, postilion_admin;
comment on function app_private.link_urls(text[], integer[]) is
  'Where tracked links lead, in the order asked; numbers begin at 0. Null stands for a link that there is not.';
