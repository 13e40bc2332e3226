create or replace function app_hidden.words_of_hour(p_hour timestamptz)
returns table (sub_task_id uuid, task_id uuid, service_id uuid, word text)
language sql
stable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select * from app_hidden.hand_overs_of_hour(p_hour)
  union all select * from app_hidden.bounces_of_hour(p_hour)
  union all select * from app_hidden.events_of_hour(p_hour)
  union all select * from app_hidden.click_verdicts_of_hour(p_hour);
$$;

revoke all on function app_hidden.words_of_hour(timestamptz) from public;
comment on function app_hidden.words_of_hour(timestamptz) is 'All that happened to mails in an hour, in a word each.';
