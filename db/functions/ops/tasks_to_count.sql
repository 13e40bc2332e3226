-- Counting reads every row of a Task, so how much is looked at is bounded; the crontab looks at all of them in turn.
create or replace function app_hidden.tasks_to_count(p_mails bigint)
returns setof uuid
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select sized.id
    from (
    select t.id, t.updated_at, sum((app_public.tasks_states(t)).total) over (order by t.updated_at desc, t.id) as mails
      from (select * from app_public.tasks order by updated_at desc, id limit 200) as t
  ) as sized
   where sized.mails <= p_mails
   order by sized.id;
$$;

revoke all on function app_hidden.tasks_to_count(bigint) from public;
comment on function app_hidden.tasks_to_count(bigint) is 'The Tasks that changed last, as many as have no more than so many mails together.';
