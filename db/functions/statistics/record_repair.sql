create or replace function app_hidden.record_repair(p_what text, p_subject uuid, p_why text, p_how_many bigint, p_detail jsonb default '{}')
returns void
language sql
volatile
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  insert into app_hidden.repairs (at, what, subject, why, how_many, detail)
  values (app_hidden.current_time(), p_what, p_subject, p_why, p_how_many, p_detail);
$$;

revoke all on function app_hidden.record_repair(text, uuid, text, bigint, jsonb) from public;
comment on function app_hidden.record_repair(text, uuid, text, bigint, jsonb) is 'Enters a repair into the audit trail, in the name of who is logged in.';
