-- The server is one login for everybody, so whoever asks over the API is entered by their address. Only for an admin's request, which takes that
-- role: anybody can write the setting, and an operator in psql is who is logged in, whatever it says.
create or replace function app_hidden.record_repair(p_what text, p_subject uuid, p_why text, p_how_many bigint, p_detail jsonb default '{}')
returns void
language sql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with asker as materialized (
    select id, email from app_public.users where id = app_hidden.current_user_id() and current_setting('role', true) = 'postilion_admin'
  )
  insert into app_hidden.repairs (at, what, subject, why, how_many, actor, detail)
  select app_hidden.current_time(), p_what, p_subject, p_why, p_how_many, coalesce(a.email, session_user),
         p_detail || case when a.id is not null then jsonb_build_object('userId', a.id) else '{}' end
    from (values (1)) as one_line (number) left join asker a on true;
$$;

revoke all on function app_hidden.record_repair(text, uuid, text, bigint, jsonb) from public;
comment on function app_hidden.record_repair(text, uuid, text, bigint, jsonb) is
  'Enters a repair into the audit trail, in the name of the admin who asks, or else of who is logged in.';
