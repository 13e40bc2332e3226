-- What keeps flowing in has no number that one could agree to.
create or replace function app_hidden.plan_hash(p_steps app_hidden.repair_step[])
returns text
language sql
immutable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select left(encode(sha256(convert_to(coalesce(string_agg(
           jsonb_build_array(s.what, s.subject, case when s.subject not in ('waiting', 'task_counter_changes') then s.how_many end)::text, ' ' order by s.what, s.subject, s.name), ''), 'UTF8')), 'hex'), 12)
    from unnest(p_steps) as s;
$$;

revoke all on function app_hidden.plan_hash(app_hidden.repair_step[]) from public;
comment on function app_hidden.plan_hash(app_hidden.repair_step[]) is
  'Names a plan: what is done, to what, to how many. Its sentences, which tell the time, are no part of it.';
