create or replace function app_hidden.mail_as_told(p_sub_task_id uuid)
returns jsonb
language sql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
  select jsonb_build_object(
      'id', st.id, 'task', t.name, 'status', st.status, 'from', st.sender_email, 'to', m.recipient_email, 'subject', m.rendered_subject,
      'html', m.rendered_body, 'text', m.rendered_text, 'links', m.link_urls, 'messageId', st.message_id, 'createdAt', st.created_at,
      'handedOverAt', st.handed_over_at, 'sentAt', st.sent_at, 'deliveredAt', st.delivered_at, 'openedAt', st.opened_at, 'clickedAt', st.clicked_at,
      'bouncedAt', st.bounced_at, 'unsubscribedAt', st.unsubscribed_at, 'complainedAt', st.complained_at, 'failedAt', st.failed_at,
      'cancelledAt', st.cancelled_at, 'errorCode', st.error_code, 'errorMessage', st.error_message, 'providerResponse', st.provider_response,
      'events', (
        select coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'occurredAt', e.occurred_at, 'machine', e.machine, 'detail', e.detail) order by e.id), '[]')
          from app_public.mail_events e where e.sub_task_id = st.id))
    from app_public.sub_tasks st
    join app_public.sub_task_mails m on m.sub_task_id = st.id
    join app_public.tasks t on t.id = st.task_id
   where st.id = p_sub_task_id;
$$;

revoke all on function app_hidden.mail_as_told(uuid) from public;
comment on function app_hidden.mail_as_told(uuid) is 'A mail and what was heard of it, as its recipient is told.';
