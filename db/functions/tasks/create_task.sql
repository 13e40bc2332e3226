create or replace function app_public.create_task(
  p_workspace_id uuid,
  p_name text,
  p_sender_id uuid,
  p_template_ids uuid[],
  p_recipient_rule app_public.recipient_rule default 'all',
  p_include_tags text[] default '{}',
  p_exclude_tags text[] default '{}',
  p_contact_ids uuid[] default '{}',
  p_priority integer default 0,
  p_track_opens boolean default true,
  p_track_clicks boolean default true,
  p_uncertain_policy app_public.uncertain_policy default 'park',
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
begin
  perform app_hidden.demand('editor', p_workspace_id);
  if coalesce(cardinality(p_template_ids), 0) = 0 then
    raise exception 'templateIds: a task needs at least one template' using errcode = 'BADIN';
  end if;
  if p_recipient_rule = 'contacts' and coalesce(cardinality(p_contact_ids), 0) = 0 then
    raise exception 'contactIds: the rule "contacts" needs at least one contact' using errcode = 'BADIN';
  end if;
  if p_recipient_rule = 'tags' and coalesce(cardinality(p_include_tags), 0) = 0 then
    raise exception 'includeTags: the rule "tags" needs at least one tag' using errcode = 'BADIN';
  end if;
  if p_window_timezone is not null and not exists (select from pg_timezone_names where name = p_window_timezone) then
    raise exception 'windowTimezone: "%" is not a time zone', p_window_timezone using errcode = 'BADIN';
  end if;
  perform app_hidden.require_owned(p_workspace_id, p_sender_id, p_template_ids, p_contact_ids);

  insert into app_public.tasks
    (workspace_id, name, sender_id, recipient_rule, include_tags, exclude_tags, priority, track_opens, track_clicks,
     uncertain_policy, window_days, window_start, window_end, window_timezone)
  values
    (p_workspace_id, p_name, p_sender_id, p_recipient_rule, p_include_tags, p_exclude_tags, p_priority, p_track_opens, p_track_clicks,
     p_uncertain_policy, p_window_days, p_window_start, p_window_end, p_window_timezone)
  returning * into v_task;
  insert into app_public.task_templates (task_id, template_id) select distinct v_task.id, t from unnest(p_template_ids) as t;
  insert into app_hidden.task_listed_contacts (task_id, contact_id) select distinct v_task.id, c from unnest(p_contact_ids) as c;
  return v_task;
end;
$$;

revoke all on function app_public.create_task(uuid, text, uuid, uuid[], app_public.recipient_rule, text[], text[], uuid[], integer, boolean, boolean, app_public.uncertain_policy, integer[], time, time, text) from public;
grant execute on function app_public.create_task(uuid, text, uuid, uuid[], app_public.recipient_rule, text[], text[], uuid[], integer, boolean, boolean, app_public.uncertain_policy, integer[], time, time, text) to postilion_user, postilion_admin;
comment on function app_public.create_task(uuid, text, uuid, uuid[], app_public.recipient_rule, text[], text[], uuid[], integer, boolean, boolean, app_public.uncertain_policy, integer[], time, time, text) is
  'Creates a draft. Each recipient gets one of the templates. Raises BADIN, naming the field, for what is missing or belongs to another workspace.';
