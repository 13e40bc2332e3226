create or replace function ops.read_diagnosis(p_task text)
returns jsonb
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_id uuid := app_hidden.find_task(p_task);
  v_task app_public.tasks := app_hidden.read_task(v_id);
begin
  return jsonb_build_object(
    'task', jsonb_build_object('id', v_id, 'name', v_task.name, 'workspace', (select name from app_public.workspaces where id = v_task.workspace_id),
      'status', v_task.status, 'priority', v_task.priority, 'createdAt', v_task.created_at, 'scheduledAt', v_task.scheduled_at,
      'generatedAt', v_task.generation_finished_at, 'completedAt', v_task.completed_at, 'cancelledAt', v_task.cancelled_at,
      'errorCode', v_task.error_code, 'errorMessage', v_task.error_message),
    'states', to_jsonb(app_public.tasks_states(v_task)),
    'funnel', to_jsonb(app_public.tasks_funnel(v_task)),
    'failures', app_hidden.describe_failures(v_id),
    'services', app_hidden.describe_services(v_task.workspace_id),
    'webhooks', jsonb_build_object(
      'waiting', (select count(*) from (select from app_public.event_logs where processed_at is null limit 10001) as waiting),
      'silentServices', (select coalesce(jsonb_agg(w.name order by w.name), '[]') from app_hidden.silent_services() as w)),
    'notSending', (select coalesce(jsonb_agg(jsonb_build_object('reason', w.reason, 'subject', w.subject, 'sentence', w.sentence, 'movesAt', case when isfinite(w.moves_at) then w.moves_at end, 'remedy', w.remedy) order by w.ordinality), '[]')
                     from app_public.why_not_sending(v_id) with ordinality as w),
    'faults', app_hidden.faults_of_task(v_id),
    'forecast', case when v_task.status not in ('completed', 'cancelled', 'failed') then (
      select jsonb_build_object('recipients', f.recipients, 'left', f."left", 'finishesAt', f.finishes_at, 'ratePerHour', round(f.rate_per_hour::numeric, 1), 'limiting', f.limiting)
        from app_public.forecast_task(v_id) as f) end);
end;
$$;

revoke all on function ops.read_diagnosis(text) from public;
grant execute on function ops.read_diagnosis(text) to postilion_operator;
comment on function ops.read_diagnosis(text) is
  'A Task''s diagnosis for programs: basics, mails by state, why mails failed, services, webhooks, why it is not sending, what is broken, and the forecast. Raises NTFND, and BADIN where several are meant.';
