create or replace function app_private.generation_plan(p_task_id uuid)
returns jsonb
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select jsonb_build_object(
    'task', jsonb_build_object('id', t.id, 'name', t.name, 'trackOpens', t.track_opens, 'trackClicks', t.track_clicks),
    'sender', jsonb_build_object('name', s.name, 'displayName', s.display_name),
    'templates', (
      select jsonb_agg(jsonb_build_object(
               'id', m.id, 'name', m.name, 'subject', m.subject, 'html', m.html, 'text', m.text, 'weight', tt.weight) order by m.id)
        from app_public.task_templates tt join app_public.templates m on m.id = tt.template_id
       where tt.task_id = t.id),
    'batchesLeft', (select count(*) from app_hidden.task_recipient_batches b where b.task_id = t.id))
    from app_public.tasks t join app_public.senders s on s.id = t.sender_id
   where t.id = p_task_id;
$$;

revoke all on function app_private.generation_plan(uuid) from public;
grant execute on function app_private.generation_plan(uuid) to postilion_worker;
comment on function app_private.generation_plan(uuid) is 'What rendering a Task needs besides its recipients: names, templates with weights, tracking, batches left.';
