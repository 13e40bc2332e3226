-- What is left out stays. Once mails are being rendered, what they say and whom they go to is decided; when they go can still be changed.
-- Over 80 lines for the arguments: a Task has that many choices.
create or replace function app_public.update_task(
  p_task_id uuid,
  p_name text default null,
  p_sender_id uuid default null,
  p_template_ids uuid[] default null,
  p_recipient_rule app_public.recipient_rule default null,
  p_include_tags text[] default null,
  p_exclude_tags text[] default null,
  p_contact_ids uuid[] default null,
  p_priority integer default null,
  p_track_opens boolean default null,
  p_track_clicks boolean default null,
  p_uncertain_policy app_public.uncertain_policy default null,
  p_window_days integer[] default null,
  p_window_start time default null,
  p_window_end time default null,
  p_window_timezone text default null
)
returns app_public.tasks
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task app_public.tasks;
  v_no_window boolean := cardinality(p_window_days) = 0;
begin
  perform app_hidden.demand_task('editor', p_task_id);
  v_task := app_hidden.lock_task(p_task_id);
  if num_nonnulls(p_sender_id, p_template_ids, p_recipient_rule, p_include_tags, p_exclude_tags, p_contact_ids, p_track_opens, p_track_clicks) > 0
     and app_hidden.has_begun(v_task) then
    raise exception 'taskId: the mails of a % task are rendered; only name, priority, uncertainPolicy and window can be changed', v_task.status
      using errcode = 'TRANS';
  end if;
  if v_task.status in ('completed', 'cancelled')
     and num_nonnulls(p_priority, p_uncertain_policy, p_window_days, p_window_start, p_window_end, p_window_timezone) > 0 then
    raise exception 'taskId: of a % task only the name can be changed', v_task.status using errcode = 'TRANS';
  end if;
  if v_task.status in ('queued', 'sending', 'paused') and num_nonnulls(p_priority, p_uncertain_policy, p_window_days, p_window_start, p_window_end, p_window_timezone) > 0 then
    perform app_hidden.demand_task('sender', p_task_id);
  end if;
  -- Before it is written: a foreign key would tell an id of another workspace from one that does not exist.
  perform app_hidden.require_owned(
    v_task.workspace_id, coalesce(p_sender_id, v_task.sender_id), coalesce(p_template_ids, '{}'), coalesce(p_contact_ids, '{}'));
  update app_public.tasks
     set name = coalesce(p_name, name), sender_id = coalesce(p_sender_id, sender_id), priority = coalesce(p_priority, priority),
         recipient_rule = coalesce(p_recipient_rule, recipient_rule),
         include_tags = coalesce(p_include_tags, include_tags), exclude_tags = coalesce(p_exclude_tags, exclude_tags),
         track_opens = coalesce(p_track_opens, track_opens), track_clicks = coalesce(p_track_clicks, track_clicks),
         uncertain_policy = coalesce(p_uncertain_policy, uncertain_policy),
         window_days = case when not coalesce(v_no_window, false) then coalesce(p_window_days, window_days) end,
         window_start = case when not coalesce(v_no_window, false) then coalesce(p_window_start, window_start) end,
         window_end = case when not coalesce(v_no_window, false) then coalesce(p_window_end, window_end) end,
         window_timezone = case when not coalesce(v_no_window, false) then coalesce(p_window_timezone, window_timezone) end
   where id = p_task_id
  returning * into v_task;
  perform app_hidden.replace_choices(p_task_id, p_template_ids, p_contact_ids);
  perform app_hidden.require_choices(v_task);
  if app_hidden.task_may_send(v_task.status) then
    perform app_hidden.wake_services_of(v_task.workspace_id);
  end if;
  return v_task;
end;
$$;

revoke all on function app_public.update_task(uuid, text, uuid, uuid[], app_public.recipient_rule, text[], text[], uuid[], integer, boolean, boolean, app_public.uncertain_policy, integer[], time, time, text) from public;
grant execute on function app_public.update_task(uuid, text, uuid, uuid[], app_public.recipient_rule, text[], text[], uuid[], integer, boolean, boolean, app_public.uncertain_policy, integer[], time, time, text) to postilion_user, postilion_admin;
comment on function app_public.update_task(uuid, text, uuid, uuid[], app_public.recipient_rule, text[], text[], uuid[], integer, boolean, boolean, app_public.uncertain_policy, integer[], time, time, text) is
  'Changes what is given and leaves the rest; an empty windowDays takes the window off. Before its mails are rendered everything may be changed, later its name, priority, uncertainPolicy and window, and of a Task that is over its name. Raises NTFND, TRANS, or BADIN naming the field.';
