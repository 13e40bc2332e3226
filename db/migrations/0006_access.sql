-- Row-level security everywhere, grants by column. The owner (who runs the security-definer functions) is not subject to the policies.
do $$
declare
  v_table regclass;
begin
  for v_table in
    select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('app_public', 'app_hidden', 'app_private') and c.relkind in ('r', 'p')
  loop
    execute format('alter table %s enable row level security', v_table);
  end loop;
  for v_table in
    select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'app_public' and c.relkind in ('r', 'p') and not c.relispartition
  loop
    execute format('create policy admin_all on %s to postilion_admin using (true) with check (true)', v_table);
  end loop;
end;
$$;

grant usage on type app_public.task_states, app_public.task_funnel, app_public.contact_status, app_public.recipient_rule, app_public.task_status, app_public.sub_task_status, app_public.sub_task_phase,
  app_public.mail_event_kind to postilion_visitor, postilion_user, postilion_admin;

grant select (id, name, created_at), insert (name), update (name) on app_public.workspaces to postilion_admin;
grant select (id, workspace_id, email, name, attributes, tags, status, timezone, created_at, updated_at),
  insert (workspace_id, email, name, attributes, tags, timezone),
  update (email, name, attributes, tags, timezone)
  on app_public.contacts to postilion_admin;
grant select (id, workspace_id, name, subject, html, text, created_at, updated_at),
  insert (workspace_id, name, subject, html, text),
  update (name, subject, html, text), delete
  on app_public.templates to postilion_admin;
grant select (id, workspace_id, name, display_name, reply_to, created_at, updated_at),
  insert (workspace_id, name, display_name, reply_to),
  update (name, display_name, reply_to), delete
  on app_public.senders to postilion_admin;
grant select (workspace_id, email, reason, created_at, email_hash) on app_public.suppressions to postilion_admin;
grant select (id, workspace_id, name, sender_id, status, priority, recipient_rule, include_tags, exclude_tags, track_opens, track_clicks,
    scheduled_at, generation_started_at, generation_finished_at, completed_at, cancelled_at, error_code, error_message, created_at, updated_at)
  on app_public.tasks to postilion_admin;
grant select (task_id, template_id, weight) on app_public.task_templates to postilion_admin;
grant select (id, name, provider, domain, base_url, tracking_base_url, interval_ms, max_in_flight, daily_quota, timezone, timeout_ms, lease_ms,
    is_enabled, is_shared, used_quota, in_flight, freeze_reason, rate_per_second, warm_up_started_on, success_rate, answer_ms, created_at, updated_at),
  update (rate_per_second, warm_up_started_on)
  on app_public.email_services to postilion_admin;
grant select (name), insert (name) on app_public.lanes to postilion_admin;
grant select (domain, lane), insert (domain, lane), update (lane), delete on app_public.lane_domains to postilion_admin;
grant select (email_service_id, lane, daily_cap, used, used_on), insert (email_service_id, lane, daily_cap), update (daily_cap), delete
  on app_public.email_service_caps to postilion_admin;
grant select (email_service_id, day, daily_cap), insert (email_service_id, day, daily_cap), update (daily_cap), delete
  on app_public.email_service_warm_up to postilion_admin;
grant select (email_service_id, workspace_id), insert (email_service_id, workspace_id), delete
  on app_public.email_service_grants to postilion_admin;
grant select (id, task_id, lane, status, attempts, refusals, deferrals, service_id, scheduled_at, handed_over_at, sent_at, delivered_at, opened_at,
    clicked_at, bounced_at, bounce_is_soft, unsubscribed_at, complained_at, human_opened_at, human_clicked_at, failed_at, cancelled_at, uncertain_at,
    open_count, click_count, machine_open_count, machine_click_count, round_trip_ms,
    created_at, sender_email, message_id, error_code, error_message, provider_response)
  on app_public.sub_tasks to postilion_admin;
grant select (sub_task_id, task_id, contact_id, template_id, recipient_email, tracking_id, rendered_subject, rendered_body, rendered_text, link_urls)
  on app_public.sub_task_mails to postilion_admin;
grant select (id, received_at, provider, path, email_service_id, processed_at, attempts, event_count, error) on app_public.event_logs to postilion_admin;
grant select (id, received_at, event_log_id, sub_task_id, task_id, kind, occurred_at, strategy, flagged, machine, detail) on app_public.mail_events to postilion_admin;
grant usage on schema app_private to postilion_admin;
