drop view if exists ops.webhook_silence;
drop function if exists app_hidden.silence_rows();

create or replace function app_hidden.silence_rows()
returns table (service text, sent bigint, heard text, silent text, says text)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select app_hidden.clipped(s.name, 15), w.sent, app_hidden.span_text(w.heard_at, app_hidden.current_time()),
         app_hidden.span_text(greatest(w.heard_at, w.silent_since), app_hidden.current_time()), 'postilion webhook ' || app_hidden.clipped(s.name, 10)
    from app_hidden.silent_services() as w join app_public.email_services s on s.id = w.email_service_id
   order by w.silent_since
   limit 100;
$$;

revoke all on function app_hidden.silence_rows() from public;
grant execute on function app_hidden.silence_rows() to postilion_operator;
comment on function app_hidden.silence_rows() is 'What ops.webhook_silence shows.';

create view ops.webhook_silence as select * from app_hidden.silence_rows();
grant select on ops.webhook_silence to postilion_operator;
comment on view ops.webhook_silence is 'Services that send and are not heard of: mails of the last 24 closed hours, how long ago the last webhook was, since when it is silent, and what prints the address that the provider should post to.';
