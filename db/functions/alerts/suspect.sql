create or replace function app_hidden.suspect(p_kind text, p_subjects text[])
returns void
language sql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  delete from app_hidden.alert_suspicions where kind = p_kind and subject <> all (p_subjects);
  insert into app_hidden.alert_suspicions (kind, subject, since)
  select p_kind, subject, app_hidden.current_time() from unnest(p_subjects) as subject order by subject
  on conflict do nothing;
$$;

revoke all on function app_hidden.suspect(text, text[]) from public;
comment on function app_hidden.suspect(text, text[]) is
  'Notes since when a rule has found these subjects, and forgets those that it finds no more.';
