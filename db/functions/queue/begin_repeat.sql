-- A repeat is a hand-over: whatever forbids a first one forbids it, too. It is idempotent only while the provider remembers the first under the
-- same request id (EngageLab: an hour; 45 minutes leave room for its clock and the way). A row that was in doubt before this claim may have
-- reached the provider earlier than handed_over_at says.
create or replace function app_private.begin_repeat(p_service_id uuid, p_claim_token uuid, p_id uuid)
returns text
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_service app_public.email_services := app_hidden.lock_service(p_service_id);
  v_sub_task app_public.sub_tasks;
  v_task app_public.tasks;
begin
  if cardinality(app_private.extend_leases(p_service_id, p_claim_token, array[p_id])) = 0 then
    return 'LEASE';
  end if;
  select * into v_sub_task from app_public.sub_tasks where id = p_id;
  select * into v_task from app_public.tasks where id = v_sub_task.task_id;
  if not v_service.repeats_are_idempotent or v_sub_task.uncertain_at is not null
     or v_sub_task.handed_over_at <= app_hidden.current_time() - interval '45 minutes' then
    return 'TWICE';
  elsif not app_hidden.task_may_send(v_task.status) or not v_service.is_enabled or v_service.is_stopped then
    return 'HALTD';
  elsif v_service.frozen_until > app_hidden.current_time() then
    return 'FROZN';
  elsif cardinality(app_hidden.suppressed_among(v_task.workspace_id, array[p_id])) > 0 then
    return 'SUPPR';
  end if;
  update app_public.sub_tasks set attempts = attempts + 1 where id = p_id;
  return null;
end;
$$;

revoke all on function app_private.begin_repeat(uuid, uuid, uuid) from public;
grant execute on function app_private.begin_repeat(uuid, uuid, uuid) to postilion_worker;
comment on function app_private.begin_repeat(uuid, uuid, uuid) is
  'Extends the lease of a mail whose hand-over had no answer and says why it must not be repeated: LEASE, HALTD, FROZN or SUPPR as in begin_sends, TWICE (the provider may not know it as the same mail). Null: it may.';
