-- A Task's own choices, or a template in a sender's name; the service that was asked for or, of those that may be used, the one that was refused least lately.
-- The form is generation_plan's, so that the same code renders it.
create or replace function app_private.mail_plan(
  p_task_id uuid, p_template_id uuid, p_sender_id uuid, p_contact_id uuid, p_email_service_id uuid, p_role app_public.member_role
)
returns jsonb
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task app_public.tasks;
  v_template app_public.templates;
  v_sender app_public.senders;
  v_service app_public.email_services;
  v_contact app_public.contacts;
  v_workspace_id uuid;
begin
  if (p_task_id is null) = (p_template_id is null) then
    raise exception 'templateId: expected a template or a task' using errcode = 'BADIN';
  end if;
  select * into v_task from app_public.tasks where id = p_task_id;
  select * into v_template from app_public.templates where id = p_template_id;
  v_workspace_id := coalesce(v_task.workspace_id, v_template.workspace_id);
  perform app_hidden.demand_of(
    p_role, v_workspace_id,
    case when p_task_id is null then format('templateId: there is no template %s', p_template_id) else format('taskId: there is no task %s', p_task_id) end);
  if v_workspace_id is null then
    raise exception '%', case when p_task_id is null then format('templateId: there is no template %s', p_template_id)
                         else format('taskId: there is no task %s', p_task_id) end using errcode = 'NTFND';
  end if;
  select * into v_sender from app_public.senders
   where id = coalesce(p_sender_id, v_task.sender_id, (select s.id from app_public.senders s where s.workspace_id = v_workspace_id order by s.created_at, s.id limit 1))
     and workspace_id = v_workspace_id;
  if not found then
    raise exception 'senderId: this workspace has no sender %', coalesce(p_sender_id::text, 'yet') using errcode = 'BADIN';
  end if;
  select * into v_contact from app_public.contacts where id = p_contact_id and workspace_id = v_workspace_id;
  if not found and p_contact_id is not null then
    raise exception 'contactId: this workspace has no contact %', p_contact_id using errcode = 'BADIN';
  end if;
  select s.* into v_service from app_public.email_services s
   where app_hidden.service_serves(s, v_workspace_id) and s.id = coalesce(p_email_service_id, s.id) and (s.is_enabled or p_email_service_id is not null)
   order by s.success_rate desc, s.id limit 1;
  if not found and p_email_service_id is not null then
    raise exception 'emailServiceId: this workspace has no service %', p_email_service_id using errcode = 'BADIN';
  end if;
  return jsonb_build_object(
    'workspaceId', v_workspace_id,
    'senderId', v_sender.id,
    'task', jsonb_build_object(
      'id', coalesce(v_task.id, v_template.id), 'name', coalesce(v_task.name, v_template.name),
      'trackOpens', coalesce(v_task.track_opens, false), 'trackClicks', coalesce(v_task.track_clicks, false)),
    'sender', jsonb_build_object('name', v_sender.name, 'displayName', v_sender.display_name),
    'replyTo', v_sender.reply_to,
    'templates', (
      select coalesce(jsonb_agg(jsonb_build_object(
               'id', m.id, 'name', m.name, 'subject', m.subject, 'html', m.html, 'text', m.text, 'weight', coalesce(tt.weight, 1)) order by m.id), '[]')
        from app_public.templates m left join app_public.task_templates tt on tt.task_id = p_task_id and tt.template_id = m.id
       where m.id = p_template_id or tt.task_id is not null),
    'contact', case when v_contact.id is not null then jsonb_build_object(
      'id', v_contact.id, 'email', v_contact.email, 'name', v_contact.name, 'attributes', v_contact.attributes) end,
    'service', case when v_service.id is not null then jsonb_build_object(
      'id', v_service.id, 'name', v_service.name, 'provider', v_service.provider, 'domain', v_service.domain,
      'trackingBaseUrl', v_service.tracking_base_url, 'bounceAddress', v_service.bounce_address) end,
    'domains', (
      select coalesce(jsonb_agg(jsonb_build_object('service', b.service, 'domain', b.domain, 'says', b.says, 'remedy', b.remedy)), '[]')
        from (select b.* from app_hidden.bad_domains() b join app_public.email_services s on s.id = b.email_service_id
               where app_hidden.service_serves(s, v_workspace_id) and s.id = coalesce(p_email_service_id, v_task.email_service_id, s.id)
               order by b.service, b.says limit 20) as b),
    'files', (select count(*) from app_public.task_files f where f.task_id = p_task_id));
end;
$$;

revoke all on function app_private.mail_plan(uuid, uuid, uuid, uuid, uuid, app_public.member_role) from public;
grant execute on function app_private.mail_plan(uuid, uuid, uuid, uuid, uuid, app_public.member_role) to postilion_user, postilion_admin;
comment on function app_private.mail_plan(uuid, uuid, uuid, uuid, uuid, app_public.member_role) is
  'What rendering one mail needs, of a Task or of a template and sender, for a Contact or none (null), with the service it would likely go through. Demands the role. Raises NTFND, or BADIN naming the field.';
