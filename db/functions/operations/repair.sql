-- The number is for people: what is beyond an integer is as good as it.
create or replace function app_public.repair(p_kind app_public.repair_kind, p_plan_hash text, p_task_id uuid default null)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, ops, app_hidden, pg_temp
as $$
declare
  v_task_id uuid := case when p_task_id is not null then (app_hidden.read_task(p_task_id)).id end;
begin
  return least(ops.mend(p_kind::text, p_plan_hash, v_task_id::text, 'asked for over the API'), 2147483647);
end;
$$;

revoke all on function app_public.repair(app_public.repair_kind, text, uuid) from public;
grant execute on function app_public.repair(app_public.repair_kind, text, uuid) to postilion_admin;
comment on function app_public.repair(app_public.repair_kind, text, uuid) is
  'Carries out a plan that planRepair showed, if it is still the same, and enters it into the audit trail under the name of who asks. For admins. Raises TRANS when the plan is another by now, BADIN and NTFND, naming the field, and FRBDN.';
