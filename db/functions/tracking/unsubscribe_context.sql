-- The address leaves the database masked: a link is forwarded with its mail, and whoever opens it should not learn whose it was.
create or replace function app_private.unsubscribe_context(p_tracking_id text)
returns table (language text, sender_name text, masked_address text)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select coalesce(c.attributes ->> 'language', c.attributes ->> 'locale', c.attributes ->> 'lang'), s.display_name,
         app_hidden.masked_address(m.recipient_email)
    from app_public.sub_task_mails m
    join app_public.tasks t on t.id = m.task_id
    join app_public.senders s on s.id = t.sender_id
    left join app_public.contacts c on c.id = m.contact_id
   where m.tracking_id = p_tracking_id;
$$;

revoke all on function app_private.unsubscribe_context(text) from public;
grant execute on function app_private.unsubscribe_context(text) to postilion_worker, postilion_admin;
comment on function app_private.unsubscribe_context(text) is
  'What the unsubscribe page of a mail says: its Contact''s language (the attribute language, locale or lang, as it was given), the sender''s display name, the address masked. No row: there is no such mail.';
