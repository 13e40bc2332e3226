-- The last resort, for events that name no id of ours: a week covers what providers try for, a minute their clocks. Of several mails to the address it
-- is the latest one, unless another was handed over within the minute before it: then it is nobody's.
-- Where both sides know the provider's id, a mail with another one is out of question. They are compared by their heads, since EngageLab's
-- message id is the head of its email id, and SendGrid's webhooks add a tail; and only between a provider and itself, as a relay's id is another.
create or replace function app_hidden.mail_to(
  p_recipient text, p_at timestamptz, p_service_ids uuid[], p_provider text, p_message_id text
)
returns table (id uuid, task_id uuid)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select latest.id, latest.task_id
    from (
      select st.id, st.task_id, st.handed_over_at, lead(st.handed_over_at) over (order by st.handed_over_at desc) as one_before
        from app_public.sub_task_mails m
        join app_public.sub_tasks st on st.id = m.sub_task_id
        left join app_public.email_services s on s.id = st.service_id
       where m.recipient_email = p_recipient
         and st.handed_over_at between p_at - interval '7 days' and p_at + interval '1 minute'
         and case
               when p_service_ids is null then s.provider = p_provider
               else st.service_id = any (p_service_ids) or app_hidden.handed_over_by(st.id, p_service_ids)
             end
         and (st.message_id is null or p_message_id is null or s.provider is distinct from p_provider
              or starts_with(st.message_id, p_message_id) or starts_with(p_message_id, st.message_id))
       order by st.handed_over_at desc
       limit 1) as latest
   where latest.one_before is null or latest.one_before < latest.handed_over_at - interval '1 minute';
$$;

revoke all on function app_hidden.mail_to(text, timestamptz, uuid[], text, text) from public;
comment on function app_hidden.mail_to(text, timestamptz, uuid[], text, text) is
  'The mail to an address that an event of that time must concern, handed over by one of these services (null: by one of this provider); no row when there is none, or no telling.';
