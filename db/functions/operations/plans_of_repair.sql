create or replace function app_public.plans_of_repair()
returns jsonb
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select coalesce(jsonb_agg(plan.made order by kind.place), '[]')
    from app_hidden.repair_kinds() as kind
   cross join lateral (select app_public.plan_of_repair(kind.what::app_public.repair_kind) as made) as plan
   where plan.made -> 'steps' <> '[]';
$$;

revoke all on function app_public.plans_of_repair() from public;
grant execute on function app_public.plans_of_repair() to postilion_admin;
comment on function app_public.plans_of_repair() is 'What there is to repair now, for admins: the plans that are not empty, in the order in which they help each other.';
