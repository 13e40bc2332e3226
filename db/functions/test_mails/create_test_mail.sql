-- A Task of one mail, queued at once and before all others. From here on it is like any mail: only a claim takes it, within the service's pace, quota
-- and freeze. At most ten of a workspace wait at a time, so that tests can't crowd out campaigns.
create or replace function app_private.create_test_mail(
  p_workspace_id uuid, p_task_id uuid, p_template_id uuid, p_sender_id uuid, p_email_service_id uuid,
  p_sub_task_id uuid, p_email text, p_tracking_id text, p_subject text, p_html text, p_text text, p_links text[]
)
returns uuid
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_email text := lower(btrim(p_email));
  v_task app_public.tasks;
  v_shortfall text;
begin
  perform app_hidden.demand('sender', p_workspace_id);
  if app_hidden.is_address(p_email) is not true then
    raise exception 'to: this is not an address' using errcode = 'BADIN';
  elsif exists (select from app_public.suppressions s where s.workspace_id = p_workspace_id and s.email_hash = sha256(convert_to(v_email, 'UTF8'))) then
    raise exception 'to: the address is suppressed' using errcode = 'SUPPR';
  end if;
  if not exists (
    select from app_public.email_services s
     where s.id = coalesce(p_email_service_id, s.id) and s.is_enabled and app_hidden.service_serves(s, p_workspace_id)) then
    raise exception 'emailServiceId: no service that this workspace may use is switched on' using errcode = 'BADIN';
  end if;
  perform from app_public.workspaces where id = p_workspace_id for no key update;
  if (select count(*) from app_public.tasks where workspace_id = p_workspace_id and is_test and status in ('queued', 'sending')) >= 10 then
    raise exception 'ten test mails are under way; wait until one is sent' using errcode = 'LIMIT';
  end if;
  insert into app_public.tasks
    (workspace_id, name, sender_id, status, priority, recipient_rule, track_opens, track_clicks, scheduled_at, generation_started_at, generation_finished_at,
     is_test, email_service_id)
  select p_workspace_id, left(p_subject, 200), p_sender_id, 'queued', 101, 'contacts', coalesce(t.track_opens, false), coalesce(t.track_clicks, false), v_now, v_now, v_now,
         true, p_email_service_id
    from (select) as one left join app_public.tasks t on t.id = p_task_id
  returning * into v_task;
  perform app_hidden.copy_task_files(p_task_id, v_task.id);
  insert into app_public.sub_task_mails
    (sub_task_id, task_id, template_id, recipient_email, tracking_id, rendered_subject, rendered_body, rendered_text, link_urls)
  values (p_sub_task_id, v_task.id, p_template_id, v_email, p_tracking_id, p_subject, p_html, p_text, p_links);
  insert into app_public.sub_tasks (id, task_id, lane, status)
  values (p_sub_task_id, v_task.id, coalesce((select lane from app_public.lane_domains where domain = split_part(v_email, '@', 2)), ''), 'pending');
  -- Services come before the quota's usage in the lock order.
  perform app_hidden.wake_services_of(p_workspace_id);
  v_shortfall := app_hidden.reserve_quota(v_task);
  if v_shortfall is not null then
    raise exception '%', v_shortfall using errcode = 'LIMIT';
  end if;
  return v_task.id;
end;
$$;

revoke all on function app_private.create_test_mail(uuid, uuid, uuid, uuid, uuid, uuid, text, text, text, text, text, text[]) from public;
grant execute on function app_private.create_test_mail(uuid, uuid, uuid, uuid, uuid, uuid, text, text, text, text, text, text[]) to postilion_user, postilion_admin;
comment on function app_private.create_test_mail(uuid, uuid, uuid, uuid, uuid, uuid, text, text, text, text, text, text[]) is
  'Queues one rendered mail before all others, with the files of p_task_id, through p_email_service_id or (null) whichever service is first. Answers its Task. Raises BADIN naming the field, SUPPR, and LIMIT when ten are under way or the workspace''s quota is used up.';
