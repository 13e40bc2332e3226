create or replace function app_hidden.minute_text(p_time text)
returns text
language sql
stable
set search_path to pg_catalog, pg_temp
as $$
  select coalesce(to_char(p_time::timestamptz, 'YYYY-MM-DD HH24:MI'), '–');
$$;

revoke all on function app_hidden.minute_text(text) from public;
comment on function app_hidden.minute_text(text) is 'A time as jsonb has it, to the minute, in the time zone of the session.';
