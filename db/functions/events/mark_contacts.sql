-- A bounce is the address's: a Contact who has another one by now is not marked for it. A complaint and an unsubscription are the person's.
create or replace function app_hidden.mark_contacts(p_verdicts app_hidden.address_verdict[])
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  perform from app_public.contacts c
    where c.id in (select v.contact_id from unnest(p_verdicts) as v)
    order by c.id for no key update;
  update app_public.contacts c
     set status = worst.status
    from (
      select v.contact_id,
             max(case v.reason when 'unsubscribe' then 'unsubscribed' when 'complaint' then 'complained' else 'bounced' end::app_public.contact_status) as status
        from unnest(p_verdicts) as v
        join app_public.contacts theirs on theirs.id = v.contact_id
        left join app_public.suppressions s on s.workspace_id = v.workspace_id and s.email_hash = sha256(convert_to(v.email, 'UTF8'))
       where case v.reason
               when 'hard_bounce' then theirs.email = v.email
               when 'soft_bounces' then theirs.email = v.email and s.reason = 'soft_bounces'
               else v.reason is not null
             end
       group by v.contact_id) as worst
   where c.id = worst.contact_id and c.status < worst.status;
  update app_public.contacts c
     set status = 'active'
    from unnest(p_verdicts) as v
   where v.reason is null and c.id = v.contact_id and c.email = v.email and c.status = 'bounced'
     and not exists (
       select from app_public.suppressions s
        where s.workspace_id = v.workspace_id and s.email_hash = sha256(convert_to(v.email, 'UTF8')) and s.reason in ('soft_bounces', 'hard_bounce'))
     and not exists (
       select from app_public.sub_task_mails m join app_public.sub_tasks st on st.id = m.sub_task_id
        where m.contact_id = c.id and m.recipient_email = c.email and st.bounced_at is not null and not st.bounce_is_soft);
end;
$$;

revoke all on function app_hidden.mark_contacts(app_hidden.address_verdict[]) from public;
comment on function app_hidden.mark_contacts(app_hidden.address_verdict[]) is
  'Says of Contacts what became of their addresses. A state only gets graver, except that what too many soft bounces did is undone with them.';
