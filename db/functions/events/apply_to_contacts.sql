create or replace function app_hidden.apply_to_contacts(p_events app_hidden.resolved_event[])
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  insert into app_public.suppressions (workspace_id, email, reason)
  select distinct on (t.workspace_id, m.recipient_email) t.workspace_id, m.recipient_email, e.kind::text
    from unnest(p_events) as e
    join app_public.sub_task_mails m on m.sub_task_id = e.sub_task_id
    join app_public.tasks t on t.id = m.task_id
   where e.kind in ('hard_bounce', 'complaint', 'unsubscribe')
   order by t.workspace_id, m.recipient_email, e.kind
  on conflict do nothing;

  perform from app_public.contacts c
   where c.id in (
     select m.contact_id from unnest(p_events) as e join app_public.sub_task_mails m on m.sub_task_id = e.sub_task_id
      where e.kind in ('hard_bounce', 'complaint', 'unsubscribe'))
   order by c.id for no key update;
  update app_public.contacts c
     set status = worst.status
    from (
      select m.contact_id, max(case e.kind
               when 'hard_bounce' then 'bounced' when 'unsubscribe' then 'unsubscribed' else 'complained' end::app_public.contact_status) as status
        from unnest(p_events) as e join app_public.sub_task_mails m on m.sub_task_id = e.sub_task_id
       where e.kind in ('hard_bounce', 'complaint', 'unsubscribe')
       group by m.contact_id
    ) as worst
   where c.id = worst.contact_id and c.status < worst.status;
end;
$$;

revoke all on function app_hidden.apply_to_contacts(app_hidden.resolved_event[]) from public;
comment on function app_hidden.apply_to_contacts(app_hidden.resolved_event[]) is
  'Suppresses the addresses of hard bounces, complaints and unsubscriptions, and says so of their Contacts. A Contact''s state only gets graver.';
