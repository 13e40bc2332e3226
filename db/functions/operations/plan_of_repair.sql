-- With its hash where there is nothing to do, too: that is a plan as well, and carrying it out does nothing.
create or replace function app_public.plan_of_repair(p_kind app_public.repair_kind, p_task_id uuid default null)
returns jsonb
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with plan as materialized (
    select app_hidden.steps_of(p_kind::text, (case when p_task_id is not null then (app_hidden.read_task(p_task_id)).id end)::text) as steps
  )
  select jsonb_build_object('kind', p_kind, 'hash', app_hidden.plan_hash(p.steps),
           'mends', (select k.mends from app_hidden.repair_kinds() as k where k.what = p_kind::text),
           'steps', (select coalesce(jsonb_agg(jsonb_build_object('subject', s.subject, 'name', s.name, 'howMany', s.how_many, 'says', s.says) order by s.ordinality), '[]')
                       from unnest(p.steps) with ordinality as s))
    from plan p;
$$;

revoke all on function app_public.plan_of_repair(app_public.repair_kind, uuid) from public;
grant execute on function app_public.plan_of_repair(app_public.repair_kind, uuid) to postilion_admin;
comment on function app_public.plan_of_repair(app_public.repair_kind, uuid) is
  'What one kind of repair would do now, for admins, with the hash by which repair carries it out. Raises NTFND, and BADIN for a Task beside another kind than counters.';
