-- In the order of their index, so that no more than these are read, however many there are: left to itself the planner, which expects
-- few of a mail, reads them all and sorts.
create or replace function app_hidden.first_clicks(p_ids uuid[], p_since timestamptz)
returns setof app_public.mail_events
language sql
stable
set search_path to pg_catalog, app_public, pg_temp
set enable_bitmapscan to off
set enable_sort to off
as $$
  select e.*
    from unnest(p_ids) as mail (id)
    cross join lateral (
      select c.* from app_public.mail_events c
       where c.sub_task_id = mail.id and c.kind = 'click' and c.received_at >= p_since
       order by c.id
       limit 1000) as e;
$$;

revoke all on function app_hidden.first_clicks(uuid[], timestamptz) from public;
comment on function app_hidden.first_clicks(uuid[], timestamptz) is 'The first thousand clicks recorded of each mail since then.';
